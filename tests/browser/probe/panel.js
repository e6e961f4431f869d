// The smallest honest app: the official SDK, initialized at once, every event written down.
const query = new URLSearchParams(window.location.search);
document.documentElement.dataset.theme = query.get("theme");

window.events = [];
window.sdk = new AppExtensionsSDK();
for (const event of ["visibility", "user_settings_change", "close_custom_modal"]) {
  window.sdk.listen(event, (answer) => window.events.push({ event, ...answer }));
}
window.ready = window.sdk.initialize(query.has("plain") ? {} : { size: { height: 240 } });
