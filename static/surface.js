/* Glue between a surface's page and Pipedrive's window.
 *
 * It initialises the official SDK before anything else (Pipedrive hides a frame after ten seconds),
 * keeps the frame as high as its content, follows the theme, and turns what the server answers into
 * SDK commands or a swap of markup. It holds no data: the server renders, this shows.
 */
"use strict";
(() => {
  const { body } = document;
  const root = document.getElementById("surface");
  const announcement = document.getElementById("announcement");
  const query = new URLSearchParams(location.search);
  const SPARE_SECONDS = 60; // a token is used while it has this much life left

  let sdk = null;
  let token = "";
  let ready = Promise.resolve(false);
  let isVisible = true;
  let shownAt = Date.now();

  const policy = window.trustedTypes
    ? trustedTypes.createPolicy("surface", { createHTML: (html) => html })
    : { createHTML: (html) => html };

  /* ---- Pipedrive's window ---- */

  function start() {
    const given = query.get("token");
    // The token has done its work; it must not stay in the address for anyone to copy.
    query.delete("token");
    history.replaceState(null, "", `${location.pathname}?${query}`);
    token = given || "";
    try {
      sdk = new AppExtensionsSDK({ identifier: query.get("id") || undefined });
    } catch {
      if (body.dataset.state !== "message") showAlone();
      return;
    }
    ready = sdk.initialize({ size: { height: wantedHeight() } }).then(() => true);
    ready.then(follow, () => {});
  }

  function follow() {
    const { Event } = AppExtensionsSDK;
    // The theme is in the event's own data; sdk.userSettings is wrong after a change (SDK 0.15.1).
    sdk.listen(Event.USER_SETTINGS_CHANGE, ({ data }) => {
      if (data && (data.theme === "dark" || data.theme === "light")) {
        document.documentElement.dataset.theme = data.theme;
      }
    });
    sdk.listen(Event.VISIBILITY, ({ data }) => {
      isVisible = !data || data.is_visible !== false;
      if (isVisible) comeBack();
    });
    new ResizeObserver(resize).observe(root);
    resize();
  }

  const wantedHeight = () => {
    const { least, most } = body.dataset;
    const content = Math.ceil(root.getBoundingClientRect().height);
    return Math.min(Math.max(content, Number(least)), Number(most));
  };

  let askedHeight = 0;
  function resize() {
    const height = wantedHeight();
    body.classList.toggle("overflows", root.getBoundingClientRect().height > Number(body.dataset.most));
    if (!isVisible || height === askedHeight) return;
    askedHeight = height;
    sdk.execute(AppExtensionsSDK.Command.RESIZE, { height }).catch(() => {});
  }

  const lifeLeft = (jwt) => {
    try {
      const claims = JSON.parse(atob(jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
      return claims.exp - Date.now() / 1000;
    } catch {
      return 0;
    }
  };

  let isOwn = false; // whether `token` was asked for here; the one from the address is for looking only
  async function bearer(renew) {
    if (renew || !isOwn || lifeLeft(token) < SPARE_SECONDS) {
      await ready;
      ({ token } = await sdk.execute(AppExtensionsSDK.Command.GET_SIGNED_TOKEN));
      isOwn = true;
    }
    return token;
  }

  /* ---- the server ---- */

  async function ask(path, options = {}, renew = false) {
    const headers = { ...options.headers, Authorization: `Bearer ${await bearer(renew)}` };
    // Company and user go along, so that a token of somebody else is refused instead of shown.
    const selection = new URLSearchParams();
    for (const name of ["selectedIds", "companyId", "userId"]) {
      if (query.has(name)) selection.set(name, query.get(name));
    }
    const separator = path.includes("?") ? "&" : "?";
    const response = await fetch(`${body.dataset.path}${path}${separator}${selection}`, {
      ...options, headers, credentials: "omit", cache: "no-store",
    });
    if (response.status === 401 && !renew) return ask(path, options, true);
    return response.json();
  }

  let asking = null;
  let presses = 0; // a picture that was asked for before a press is not shown after it
  function refresh(fresh) {
    const before = presses;
    asking ??= (async () => {
      root.setAttribute("aria-busy", "true");
      try {
        const answer = await ask(`/sections/all${fresh ? "?fresh=1" : ""}`);
        return before === presses ? await obey(answer) : false;
      } catch {
        show(body.dataset.offline);
        return false;
      } finally {
        root.removeAttribute("aria-busy");
        asking = null;
      }
    })();
    return asking;
  }

  async function press(control, action, form) {
    if (control.getAttribute("aria-busy") === "true") return;
    const data = { ...JSON.parse(control.dataset.form || "{}"), ...form };
    const request = {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ticket: control.dataset.ticket, form: data }),
    };
    presses += 1;
    busy(control, true);
    try {
      await obey(await ask(`/actions/${action}`, request));
    } catch {
      show(body.dataset.offline);
    } finally {
      busy(control, false);
    }
  }

  function busy(control, is) {
    control.setAttribute("aria-busy", String(is));
    root.classList.toggle("acting", is);
  }

  /* Carry out the commands of an envelope; whether a picture came with them. */
  async function obey({ commands }) {
    let isShown = false;
    for (const command of commands) {
      if (command.kind === "fragment") {
        swap(command.html);
        isShown = true;
      } else if (command.kind === "connect") {
        swap(command.html);
        body.dataset.state = "connect";
      } else if (command.kind === "consent") {
        askConsent(command.html);
      } else if (command.kind === "snackbar") {
        announcement.textContent = command.message;
        await snackbar(command);
      } else if (command.kind === "message") {
        show(command.text);
      } else if (command.kind === "refresh") {
        asking = null;
        await refresh(true);
      }
    }
    return isShown;
  }

  async function snackbar({ message, link }) {
    if (!(await ready)) return;
    await sdk.execute(AppExtensionsSDK.Command.SHOW_SNACKBAR, link ? { message, link } : { message }).catch(() => {});
  }

  /* ---- the page ---- */

  function swap(html) {
    const open = new Map([...root.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
    const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
    root.innerHTML = policy.createHTML(html);
    for (const [id, isOpen] of open) {
      const details = document.getElementById(id);
      if (details && !details.hasAttribute("data-transient")) details.open = isOpen;
    }
    if (focused !== null) focusOn(document.getElementById(focused) || root.querySelector("h1"));
    body.dataset.state = "complete";
    shownAt = Date.now();
  }

  /* A card about a missing permission: what is shown stays, for the rest of it still works. */
  function askConsent(html) {
    const { state } = body.dataset;
    document.getElementById("consent")?.remove();
    if (state === "complete" || state === "stale") {
      root.insertAdjacentHTML("afterbegin", policy.createHTML(html));
      scrollTo(0, 0);
    } else {
      swap(html);
      body.dataset.state = "consent";
    }
    focusOn(root.querySelector("#consent h1"));
  }

  function focusOn(element) {
    if (!element) return;
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  /* A sentence: beside the picture as a snackbar, in place of a skeleton as a notice. */
  function show(text) {
    announcement.textContent = text;
    if (body.dataset.state === "complete" || body.dataset.state === "stale") {
      snackbar({ message: text });
      return;
    }
    if (body.dataset.state !== "skeleton" && body.dataset.state !== "message") return;
    const notice = element("div", "notice");
    const again = element("button", "button", body.dataset.retry);
    again.type = "button";
    again.dataset.refresh = "";
    notice.append(element("p", "", text), again);
    const hadFocus = root.contains(document.activeElement);
    root.replaceChildren(notice);
    if (hadFocus) again.focus();
  }

  function showAlone() {
    const notice = element("div", "notice");
    notice.append(element("p", "", body.dataset.alone));
    root.replaceChildren(notice);
  }

  function element(name, className, text = "") {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  async function openModal(control) {
    if (!(await ready)) return;
    const result = await sdk
      .execute(AppExtensionsSDK.Command.OPEN_MODAL, JSON.parse(control.dataset.openModal))
      .catch(() => ({ status: "closed" }));
    // `data-then` names the action that links what was just created, such as a new contact to its deal.
    const { then } = control.dataset;
    if (result.status === "submitted" && then && result.id) await press(control, then, { id: result.id });
    else if (result.status === "submitted") await refresh(true);
    focusOn(document.getElementById(control.id) || root.querySelector("h1"));
  }

  /* The other tab finishes the installation; this one asks until it has, or shows something else. */
  let waiting = null; // the link that was pressed
  function waitForGrant(link) {
    if (waiting === link) return;
    waiting = link;
    let polls = 0;
    const poll = async () => {
      if (!link.isConnected || waiting !== link || polls++ > 300) {
        if (waiting === link) waiting = null; // the next press on it begins anew
        return;
      }
      const answer = await ask(`/sections/${link.dataset.grant}`).catch(() => null);
      if (answer && answer.status === 200 && link.isConnected) await obey(answer);
      else setTimeout(poll, 2000);
    };
    setTimeout(poll, 1000);
  }

  /* What was hidden for a while may be old. */
  function comeBack() {
    const { state } = body.dataset;
    resize();
    if (state === "complete" && Date.now() - shownAt > 60_000) refresh(false);
  }

  root.addEventListener("click", (event) => {
    const control = event.target.closest("[data-action],[data-open-modal],[data-redirect],[data-refresh],[data-grant]");
    if (!control || control.tagName === "FORM") return;
    if (control.dataset.grant) waitForGrant(control);
    else if (control.dataset.action) press(control, control.dataset.action, {});
    else if ("refresh" in control.dataset) refresh(true);
    else if (sdk && control.dataset.openModal) openModal(control);
    else if (sdk && control.dataset.redirect) {
      event.preventDefault();
      sdk.execute(AppExtensionsSDK.Command.REDIRECT_TO, JSON.parse(control.dataset.redirect)).catch(() => {});
    }
  });

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.dataset.action) press(form, form.dataset.action, Object.fromEntries(new FormData(form)));
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") comeBack();
  });

  start();
  if (body.dataset.state === "skeleton" || body.dataset.state === "stale") refresh(false);
})();
