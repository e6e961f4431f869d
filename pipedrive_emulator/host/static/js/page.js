// Puts the page together: the only module that knows all the others.

import { wireActions } from "./actions.js";
import { commands } from "./commands.js";
import { wireDock } from "./dock.js";
import { wireDrawer } from "./drawer.js";
import { liveFrames } from "./frames.js";
import { wireJsonPanels } from "./json_panel.js";
import { wireLeads } from "./leads.js";
import { keepLive } from "./live.js";
import { wireMenus } from "./menus.js";
import { wireNavigation } from "./navigation.js";
import { Panel } from "./panel.js";
import { listenToFrames } from "./protocol.js";
import { wireSelection } from "./selection.js";
import { wireApiToken } from "./settings_api.js";
import { SettingsPage } from "./settings_page.js";
import { wireTheme } from "./theme.js";
import { listenForWrites } from "./writes.js";

listenToFrames(liveFrames, commands);
wireTheme((theme) => liveFrames().forEach((frame) => frame.push("user_settings_change", { theme })));
wireActions();
wireDock();
wireDrawer();
wireApiToken();
wireLeads();
listenForWrites();
keepLive();

/** What comes and goes with the page: everything that is not delegated to the document is wired here. */
function wireContent() {
  wireMenus();
  wireSelection();
  for (const element of document.querySelectorAll("[data-panel]")) new Panel(element).load();
  wireJsonPanels();
  for (const element of document.querySelectorAll("[data-settings-page]")) new SettingsPage(element).load();
}

wireNavigation(wireContent);
wireContent();
