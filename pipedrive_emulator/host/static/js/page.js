// Puts the page together: the only module that knows all the others.

import { commands } from "./commands.js";
import { keepLive } from "./live.js";
import { wireMenus } from "./menus.js";
import { Panel } from "./panel.js";
import { listenToFrames } from "./protocol.js";
import { currentTheme, wireTheme } from "./theme.js";
import { listenForWrites } from "./writes.js";

const panels = [...document.querySelectorAll("[data-panel]")].map((element) => new Panel(element, currentTheme));
const frames = panels.map((panel) => panel.frame);

listenToFrames(() => frames, commands);
wireTheme((theme) => frames.forEach((frame) => frame.push("user_settings_change", { theme })));
wireMenus();
listenForWrites();
keepLive();
for (const panel of panels) panel.load();
