# The app without the emulator. compose.yaml runs it twice, as serve and as worker; settings come from outside.
FROM node:20-slim AS sdk
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home app \
    && install --directory --owner app /var/lib/marketplace-app/spool
COPY requirements/app.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/app.txt
COPY --from=sdk /app/node_modules node_modules
COPY manifest.json manifest.json
COPY static static
COPY templates templates
COPY marketplace_app marketplace_app
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1
USER app
EXPOSE 8000
ENTRYPOINT ["python", "-m", "marketplace_app"]
CMD ["serve", "--host", "0.0.0.0"]
