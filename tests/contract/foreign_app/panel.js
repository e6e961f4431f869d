// The panel: initialized as the SDK's README says, it asks its own server with a signed token.
const { Command } = AppExtensionsSDK;
const id = new URLSearchParams(location.search).get("selectedIds");
const seen = (name) => document.getElementById(name);

(async function () {
  const sdk = await new AppExtensionsSDK().initialize({ size: { height: 300 } });
  document.documentElement.setAttribute("data-theme", sdk.userSettings.theme);

  const ask = async (method, path, body) => {
    const { token } = await sdk.execute(Command.GET_SIGNED_TOKEN);
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };

  const deal = await ask("GET", `/deal?id=${id}`);
  seen("title").textContent = deal.title;
  seen("person").textContent = deal.person;
  seen("rename").disabled = false;
  seen("rename").addEventListener("click", async () => {
    const { title } = await ask("POST", `/deal?id=${id}`, { title: `${deal.title} (seen)` });
    seen("title").textContent = title;
    await sdk.execute(Command.SHOW_SNACKBAR, { message: "Marked as seen" });
  });

  setInterval(async () => {
    const events = await ask("GET", "/events");
    const lines = events.map(({ meta, data }) => `${meta.action} ${meta.entity} ${data.id}: ${data.title}`);
    seen("events").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }, 500);
})();
