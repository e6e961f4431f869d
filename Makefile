# The commands of this checkout; `make help` lists them. Everything lands in .venv, node_modules and .demo.
.DEFAULT_GOAL := help
BIN := .venv/bin
BENCH := panel
FIRE := tests/faults/test_runs.py
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadscope --durations=25

.PHONY: help install install-dev demo check test faults nightly sabotage bench lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

install: ## Set up .venv and the SDK as locked, for running
	@scripts/python -m scripts.install demo

install-dev: ## The same, with what the tests and the linters need
	@scripts/python -m scripts.install dev

demo: install ## Run everything on this machine and open a deal: make demo ARGS="--no-browser --port 8000"
	@$(BIN)/marketplace-app demo $(ARGS)

check: install-dev ## Lint, types, import rules, locks and sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.check_locks
	$(BIN)/python -m pytest -q tests/architecture/test_sizes.py

test: check ## The whole suite, checks first: make test ARGS="tests/unit -k vault"
	@$(BIN)/python -m scripts.browser
	@$(BIN)/python -m scripts.second_server
ifdef ARGS
	$(PYTEST) $(ARGS)
else
	$(PYTEST) --ignore $(FIRE)
	$(BIN)/python -m pytest -n 2 --dist worksteal --durations=0 $(FIRE)  # two runs at a time, and nothing beside
endif

faults: install-dev ## Runs under fire in their long form: make faults ARGS="--run expiry --seed 7"
	@$(BIN)/python -m tests.faults --form long $(ARGS)

nightly: install-dev ## The same with full counts, resumed where it stopped: make nightly ARGS="--shard 2/8"
	@$(BIN)/python -m tests.faults --form nightly $(ARGS)

sabotage: install-dev ## Break each defence in a copy, and see the test named for it fail
	@$(BIN)/python -m scripts.sabotage $(ARGS)

bench: install-dev ## Measure, as ratios within one run: make bench BENCH=emulator ARGS="--rounds 5"
	@$(BIN)/python bench/$(BENCH).py $(ARGS)

lock: install-dev ## Make the locks anew from pyproject.toml and package.json
	$(BIN)/python -m scripts.lock

clean: ## Remove what the other commands made, the demo's data too
	rm -rf .venv node_modules .demo .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
