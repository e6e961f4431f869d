// From the environment. PIPEDRIVE_URL is the only thing that an app on a laptop has and one at Pipedrive has not.
const { PORT, PIPEDRIVE_URL, CLIENT_ID, CLIENT_SECRET } = process.env;

module.exports = {
  port: Number(PORT ?? 3000),
  pipedriveUrl: PIPEDRIVE_URL,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  webhookLogin: ["pipedrive", "a-password-for-webhooks"],
  url: undefined, // known once the server listens
};
