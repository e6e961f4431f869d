// Who has installed the app, and what it does in their name, by the official client.
const { v1, v2 } = require("pipedrive");

class Installations {
  constructor(settings) {
    this.settings = settings;
    this.byUser = new Map();
  }

  async install(code) {
    const installation = new Installation(this.settings);
    const me = await installation.start(code);
    this.byUser.set(key({ companyId: me.company_id, userId: me.id }), installation);
    return { name: me.name, company: me.company_name };
  }

  of(user) {
    const found = this.byUser.get(key(user));
    if (!found) throw new Error(`not installed by user ${user.userId}`);
    return found;
  }

  forget({ company_id: companyId, user_id: userId }) {
    this.byUser.delete(key({ companyId, userId }));
  }
}

const key = ({ companyId, userId }) => `${companyId}:${userId}`;

class Installation {
  constructor({ clientId, clientSecret, pipedriveUrl, url, webhookLogin }) {
    const redirectUri = `${url}/oauth/callback`;
    this.oauth2 = new v2.OAuth2Configuration({ clientId, clientSecret, redirectUri, host: pipedriveUrl });
    this.hook = { url: `${url}/webhooks`, login: webhookLogin };
  }

  async start(code) {
    const token = await this.oauth2.authorize(code);
    const configuration = { accessToken: this.oauth2.getAccessToken, basePath: this.oauth2.basePath };
    const old = { ...configuration, basePath: `${token.api_domain}/api/v1` };
    this.deals = new v2.DealsApi(new v2.Configuration(configuration));
    this.persons = new v2.PersonsApi(new v2.Configuration(configuration));
    await this.subscribe(new v1.WebhooksApi(new v1.Configuration(old))).catch((error) => {
      process.stderr.write(`installed, but without webhooks: ${JSON.stringify(error)}\n`);
    });
    return (await new v1.UsersApi(new v1.Configuration(old)).getCurrentUser()).data;
  }

  async subscribe(webhooks) {
    const [http_auth_user, http_auth_password] = this.hook.login;
    await webhooks.addWebhook({
      AddWebhookRequest: {
        subscription_url: this.hook.url,
        event_action: "change",
        event_object: "deal",
        name: "Deals that change",
        http_auth_user,
        http_auth_password,
      },
    });
  }

  async deal(id) {
    const { data: deal } = await this.deals.getDeal({ id });
    const person = deal.person_id ? (await this.persons.getPerson({ id: deal.person_id })).data : null;
    return { title: deal.title, person: person?.name ?? null };
  }

  async rename(id, title) {
    return { title: (await this.deals.updateDeal({ id, UpdateDealRequest: { title } })).data.title };
  }
}

module.exports = { Installations };
