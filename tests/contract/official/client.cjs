// The official client with one wire tap: every request that it sends and every answer that it gets.
const pipedrive = require("pipedrive");

class Client {
  constructor({ host, clientId, clientSecret, redirectUri }) {
    this.oauth2 = new pipedrive.v2.OAuth2Configuration({ clientId, clientSecret, redirectUri, host });
    this.host = host;
    this.apis = new Map();
    this.wire = [];
  }

  async authorize(code) {
    await this.oauth2.authorize(code);
  }

  // The answer as the client gives it, and what went over the wire for it.
  async call(version, api, method, argument) {
    this.wire.length = 0;
    const instance = this.api(version, api);
    const answer = await instance[method](argument).catch((error) => error);
    const [exchange] = this.wire.splice(0);
    if (!exchange) throw answer; // refused by the client itself, nothing was sent
    return { answer, ...exchange };
  }

  api(version, name) {
    const key = `${version} ${name}`;
    if (!this.apis.has(key)) this.apis.set(key, this.build(version, name));
    return this.apis.get(key);
  }

  build(version, name) {
    const { Configuration, [name]: Api } = pipedrive[version];
    const basePath = `${this.host}/api/${version}`;
    const api = new Api(new Configuration({ accessToken: this.oauth2.getAccessToken, basePath }));
    const note = ({ config, status, data }) =>
      this.wire.push({ verb: config.method.toUpperCase(), url: config.url, status, body: plain(data) });
    api.axios.interceptors.response.handlers.unshift({
      fulfilled: (response) => (note(response), response),
      rejected: (error) => (error.response && note(error.response), Promise.reject(error)),
    });
    return api;
  }
}

// Bytes are no JSON: only their number is kept.
const plain = (data) => (Buffer.isBuffer(data) || data instanceof ArrayBuffer ? { bytes: data.byteLength } : data);

module.exports = { Client };
