// The official client against the emulator: authorize, read, write, refresh, revoke. Prints what it saw.
const { v1, v2 } = require("pipedrive");

async function main({ host, clientId, clientSecret, redirectUri, code }) {
  const oauth2 = new v2.OAuth2Configuration({ clientId, clientSecret, redirectUri, host });
  await oauth2.authorize(code);
  const seen = { authorizationUrl: oauth2.authorizationUrl, basePath: oauth2.basePath };

  const configuration = new v2.Configuration({ accessToken: oauth2.getAccessToken, basePath: oauth2.basePath });
  const users = new v1.UsersApi(
    new v1.Configuration({ accessToken: oauth2.getAccessToken, basePath: `${host}/api/v1` }),
  );
  seen.me = (await users.getCurrentUser()).data.id;

  const deals = new v2.DealsApi(configuration);
  const activities = new v2.ActivitiesApi(configuration);
  const persons = new v2.PersonsApi(configuration);
  seen.titles = [];
  let cursor;
  do {
    const page = await deals.getDeals({ limit: 15, ...(cursor ? { cursor } : {}) });
    seen.titles.push(...page.data.map((deal) => deal.title));
    cursor = page.additional_data.next_cursor;
  } while (cursor);
  seen.deal = (await deals.getDeal({ id: 1, include_fields: "participants_count" })).data;
  seen.people = (await persons.getPersons({ deal_id: 1 })).data.map((person) => person.name);
  seen.patched = (await deals.updateDeal({ id: 1, UpdateDealRequest: { stage_id: 4 } })).data.stage_id;
  const planned = await activities.addActivity({
    AddActivityRequest: { subject: "Gọi chị Lan", type: "call", deal_id: 1, due_date: "2027-01-04" },
  });
  seen.planned = planned.data;
  seen.fields = (await new v2.DealFieldsApi(configuration).getDealFields({ limit: 500 })).data.length;
  seen.refusal = await deals.addDeal({ AddDealRequest: {} }).catch((error) => error);

  const before = oauth2.refreshToken;
  await oauth2.tokenRefresh();
  seen.sameRefreshToken = before === oauth2.refreshToken;
  seen.afterRefresh = (await users.getCurrentUser()).data.id;
  await oauth2.revokeToken("refresh_token");
  seen.afterRevoke = await users.getCurrentUser().catch((error) => error);
  return seen;
}

main(JSON.parse(process.argv[2])).then(
  (seen) => process.stdout.write(JSON.stringify(seen)),
  (error) => {
    process.stderr.write(`${error.stack ?? JSON.stringify(error)}\n`);
    process.exitCode = 1;
  },
);
