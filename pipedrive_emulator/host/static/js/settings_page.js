// An app's own settings page; REDIRECT_TO may hand it a context.

import { SurfaceView } from "./surface_view.js";

export class SettingsPage extends SurfaceView {
  constructor(element) {
    const { client, surface, title, context } = element.dataset;
    const extra = context ? { context: JSON.parse(context) } : {};
    super(element, { kind: "settings_page", client, surface, title, extra });
  }
}
