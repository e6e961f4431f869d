/* Between a surface's page and Pipedrive's window. The server renders, this shows. */
"use strict";
(() => {
  const { body } = document;
  const root = document.getElementById("surface");
  const announcement = document.getElementById("announcement");
  let sdk, token, ready, asking;
  let shown, next; // queries: of what is shown, and of what shall be
  let shownAt = Date.now();
  let isVisible = true;
  let isEdited = false; // somebody types
  let isBusy = false; // focus mode
  /* Else what is shown stays. */
  const isFree = () => !isEdited && !isBusy && !root.querySelector("[data-action][aria-busy]");

  const rules = { createHTML: (html) => html };
  const policy = window.trustedTypes?.createPolicy("surface", rules) || rules;

  /* ---- Pipedrive's window ---- */

  function start() {
    shown = next = new URLSearchParams(location.search);
    shown.delete("token"); // nobody shall copy it from the address
    history.replaceState(null, "", `${location.pathname}?${shown}`);
    try {
      sdk = new AppExtensionsSDK({ identifier: shown.get("id") || undefined });
    } catch {
      if (body.dataset.state !== "message") notice(body.dataset.alone);
      return;
    }
    ready = sdk.initialize({ size: wanted() }).then(() => true);
    ready.then(follow, () => {});
  }

  /* By its name on the SDK's wire. */
  const execute = async (command, args) => ((await ready) ? await sdk.execute(command, args) : 0) || {};

  async function follow() {
    const { Event } = AppExtensionsSDK;
    // The theme is in the event's own data; sdk.userSettings is wrong after a change (SDK 0.15.1).
    sdk.listen(Event.USER_SETTINGS_CHANGE, ({ data }) => {
      if (data?.theme) document.documentElement.dataset.theme = data.theme;
    });
    sdk.listen(Event.VISIBILITY, ({ data }) => {
      isVisible = data?.is_visible !== false;
      isBusy &&= isVisible;
      if (isVisible && data?.context) {
        next = new URLSearchParams(shown);
        next.set("data", JSON.stringify(data.context)); // what a floating window is shown with
      }
      comeBack();
    });
    sdk.listen(Event.CLOSE_CUSTOM_MODAL, () => refresh(true));
    new ResizeObserver(() => fit()).observe(root);
    if (body.dataset.most === "0") room = await execute("get_metadata").catch(() => room);
    fit();
  }

  let room = { windowHeight: 600, windowWidth: 800 }; // until Pipedrive says
  const within = (value, least, most) => Math.min(Math.max(value, least), most);

  function wanted(asked = {}) {
    const { least, most, leastWidth, mostWidth, width = 0 } = body.dataset;
    const content = Math.ceil(root.getBoundingClientRect().height);
    const size = { height: within(asked.height || content, +least, +most || room.windowHeight) };
    const wide = asked.width || +width;
    if (leastWidth && wide) size.width = within(wide, +leastWidth, +mostWidth || room.windowWidth);
    return size;
  }

  let settled;
  let chosen = {}; // by the server, instead of the content
  function fit(asked) {
    const size = wanted((chosen = asked || chosen));
    body.classList.toggle("overflows", root.getBoundingClientRect().height > size.height);
    if (!isVisible || settled === JSON.stringify(size)) return;
    settled = JSON.stringify(size);
    execute("resize", size).catch(() => {});
  }

  let signedAt = -Infinity; // it lives five minutes; the one in the address is for looking
  async function bearer(renew) {
    if (renew || performance.now() - signedAt > 240_000) {
      ({ token } = await execute("get_signed_token"));
      signedAt = performance.now();
    }
    return token;
  }

  /* ---- the server ---- */

  async function ask(path, query = shown, press, renew) {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${await bearer(renew)}` };
    // With company and user: a token of somebody else is refused.
    const response = await fetch(`${body.dataset.path}${path}${query}`, {
      ...(press && { method: "POST", body: JSON.stringify(press) }),
      headers, credentials: "omit", cache: "no-store",
    });
    if (response.status === 401 && !renew) return ask(path, query, press, true);
    return { ...(await response.json()), query };
  }

  let presses = 0; // what was asked for before one is not shown after it
  function refresh(fresh) {
    if (fresh) {
      presses += 1;
      asking = null;
    }
    const mine = (asking ??= (async () => {
      root.setAttribute("aria-busy", "true");
      try {
        let before, answer;
        do {
          before = presses;
          answer = await ask(`/sections/all?${fresh ? "fresh=1&" : ""}`, next);
          if (before === presses && (fresh || isFree())) await obey(answer);
          else shownAt = 0;
        } while (answer.status === 200 && (before !== presses || shown !== next) && isFree());
      } catch {
        show(body.dataset.offline);
      }
      if (asking !== mine) return;
      root.removeAttribute("aria-busy");
      asking = null;
    })());
    return asking;
  }

  async function press(control, form) {
    if (control.getAttribute("aria-busy") === "true") return;
    const { action, ticket, form: own = "{}" } = control.dataset;
    control.setAttribute("aria-busy", "true");
    await send(control, { action, ticket, form: { ...JSON.parse(own), ...form } });
    control.removeAttribute("aria-busy");
    comeBack();
  }

  async function send(control, { action, ...press }, query) {
    presses += 1;
    try {
      const answer = await ask(`/actions/${action}?`, query, press);
      if (answer.status === 200) isEdited &&= !control.elements;
      if (!mark(control, answer.fields || {})) await obey(answer, control);
    } catch {
      show(body.dataset.offline);
    }
  }

  /* Each error at its field; whether one has a place. */
  function mark(form, errors) {
    for (const field of form.elements || []) {
      const place = document.getElementById(`${field.id}-error`);
      if (!place) continue;
      place.textContent = errors[field.name] || "";
      field.setAttribute("aria-invalid", field.name in errors);
    }
    const first = form.querySelector("[aria-invalid=true]");
    first?.focus();
    return first;
  }

  async function obey({ commands, query = shown }, control = root) {
    for (const { kind, html, text, press: then, args, ...rest } of commands) {
      if (kind === "fragment" || kind === "connect") {
        await swap(html);
        shown = query;
        if (kind === "connect") body.dataset.state = kind;
      } else if (kind === "consent") await askConsent(html);
      else if (kind === "message") show(text);
      else if (kind === "resize") fit(args);
      else if (kind === "refresh") await refresh(true);
      else if (kind === "snackbar") snackbar(rest);
      else {
        last = control.id;
        if (kind === "set_focus_mode") isBusy = args && isVisible;
        const { confirmed, status, id } = await execute(kind, args).catch(() => ({}));
        if (status) goBack();
        if (then && (confirmed || id)) await send(control, { ...then, form: { ...then.form, ...(id && { id }) } }, query);
        else if (status === "submitted") await refresh(true);
      }
    }
  }

  /* ---- the page ---- */

  const isComplete = () => ["complete", "stale"].includes(body.dataset.state);

  /* What stays the same is let alone, focus and what is open too. */
  async function swap(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = policy.createHTML(html);
    const morph = body.dataset.state === "skeleton" ? null : await import(body.dataset.morph).catch(() => null);
    const hadFocus = hasFocus();
    if (!morph) root.replaceChildren(fresh.content);
    else {
      const callbacks = { beforeAttributeUpdated: (name, each) => name !== "open" || each.hasAttribute("data-transient") };
      morph.Idiomorph.morph(root, fresh.content, { morphStyle: "innerHTML", callbacks });
    }
    if (hadFocus) goBack();
    body.dataset.state = "complete";
    isEdited = false;
    shownAt = Date.now();
  }

  /* What is shown still works, and stays. */
  async function askConsent(html) {
    document.getElementById("consent")?.remove();
    if (isComplete()) {
      root.insertAdjacentHTML("afterbegin", policy.createHTML(html));
      scrollTo(0, 0);
    } else {
      await swap(html);
      body.dataset.state = "consent";
    }
    if (document.hasFocus()) focusOn(root.querySelector("#consent h1"));
  }

  const hasFocus = () => document.hasFocus() && document.activeElement !== body;

  let last; // that had the focus
  const goBack = () => focusOn(document.getElementById(last) || root.querySelector("h1"));

  function focusOn(element) {
    if (!element) return;
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  function show(text) {
    announcement.textContent = text;
    if (isComplete()) snackbar({ message: text });
    else if (["skeleton", "message"].includes(body.dataset.state)) notice(text, true);
  }

  function snackbar(args) {
    announcement.textContent = args.message;
    execute("show_snackbar", args).catch(() => {});
  }

  function notice(text, canRetry) {
    const hadFocus = hasFocus();
    root.replaceChildren(document.getElementById("notice").content.cloneNode(true));
    root.querySelector("p").textContent = text;
    const button = root.querySelector("button");
    if (!canRetry) button.remove();
    else if (hadFocus) button.focus();
  }

  /* The other tab finishes the installation; this one asks until it has. */
  let waiting;
  async function waitForGrant(link) {
    if (waiting === link) return;
    waiting = link;
    for (let polls = 0; polls < 300 && link.isConnected && waiting === link; polls += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const answer = await ask(`/sections/${link.dataset.grant}?`, next).catch(() => ({}));
      if (answer.status === 200 && link.isConnected) await obey(answer);
    }
    if (waiting === link) waiting = null; // a press begins anew
  }

  /* What was hidden may be old. */
  function comeBack() {
    fit();
    const isOld = shown !== next || (isComplete() && Date.now() - shownAt > 60_000);
    if (isOld && isVisible && isFree()) refresh(false);
  }

  root.addEventListener("click", (event) => {
    const control = event.target.closest("button,a");
    if (!control || !sdk) return;
    const { action, command, grant } = control.dataset;
    if (grant) waitForGrant(control);
    else if (action) press(control, {});
    else if (command) {
      if (control.href) event.preventDefault();
      obey({ commands: [{ ...JSON.parse(command), html: "" }] }, control).then(comeBack); // never markup
    }
  });

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    press(event.target, Object.fromEntries(new FormData(event.target)));
  });

  root.addEventListener("focusin", ({ target }) => (last = target.id));

  /* A frame that gets the focus back has forgotten where it was. */
  addEventListener("focus", () => last && goBack());

  root.addEventListener("input", () => (isEdited = true));

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") comeBack();
  });

  start();
  if (["skeleton", "stale"].includes(body.dataset.state)) refresh(false);
})();
