"""A Chromium in which every payload that runs is heard of, in whatever frame it does."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.faults.lab.markup import Trial

# `fired` is what payloads call; a trial's frame says whose it is. `reported` is what a policy has refused.
_LISTEN = """
const trial = () => {
  let here = window;
  try {
    while (here.parent !== here && here.parent !== here.top) here = here.parent;
    return here.frameElement?.dataset.trial ?? "";
  } catch { return ""; }
};
globalThis.fired = (n) => { heard("fired", `${trial()}:${n}`); };
document.addEventListener("securitypolicyviolation", (event) => {
  heard("refused", `${event.effectiveDirective} ${event.blockedURI}`);
});
"""
_TRY = """async (trials) => {
  const frames = trials.map(([number, page]) => {
    const frame = document.createElement("iframe");
    frame.dataset.trial = String(number);
    frame.srcdoc = page;
    return frame;
  });
  const loads = frames.map((frame) => new Promise((resolve) => { frame.onload = resolve; }));
  document.body.replaceChildren(...frames);
  await Promise.race([Promise.all(loads), new Promise((resolve) => setTimeout(resolve, 20_000))]);
}"""
_AT_ONCE = 50
_GLANCE_MILLISECONDS = 100
_QUIET_GLANCES = 3  # without news: what runs late has run by then
_MOST_GLANCES = 100
_CONTROL = ":999999"
_PUT_IN = "document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=fired(999999)>')"


@dataclass(slots=True)
class Watch:
    context: BrowserContext
    fired: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def alive(self, trials: Sequence[Trial]) -> list[Trial]:
        """Those whose payload runs on the unprotected page."""
        page, found = self.context.new_page(), set[int]()
        for begin in range(0, len(trials), _AT_ONCE):
            part = list(enumerate(trials[begin : begin + _AT_ONCE], begin))
            self.fired.clear()
            page.evaluate(_TRY, [[number, trial.page] for number, trial in part])
            self.listen(page)
            found |= {number for number, trial in part if f"{number}:{trial.number}" in self.fired}
        page.close()
        self.fired.clear()
        self.refused.clear()
        return [trial for number, trial in enumerate(trials) if number in found]

    def visit(self, bodies: Mapping[str, str | None], *, policy: bool) -> tuple[list[str], list[str]]:
        """Opens these addresses, one with a body shows that instead: what ran, and what a policy refused.

        Without `policy` its header is taken away, and at the end a payload of ours is put in, for a watch
        that hears nothing proves nothing.
        """
        pages = [self._open(url, body, policy=policy) for url, body in bodies.items()]
        self.listen(pages[-1])
        ran, refused = self.take()
        if not policy:
            pages[-1].evaluate(_PUT_IN)
            self.listen(pages[-1], until=_CONTROL)
            assert _CONTROL in self.take()[0], "a payload that was put into the page was not heard of"
        for page in pages:
            page.close()
        return ran, refused

    def _open(self, url: str, body: str | None, *, policy: bool) -> Page:
        page = self.context.new_page()

        def answer(route: Route) -> None:
            reply = route.fetch()
            headers = reply.headers
            if not policy:
                headers = {name: v for name, v in headers.items() if name != "content-security-policy"}
            route.fulfill(response=reply, headers=headers, body=reply.text() if body is None else body)

        page.route(url, answer)
        page.goto(url)
        return page

    def listen(self, page: Page, until: str = "") -> None:
        """Until nothing new is heard for a while, or `until` is."""
        quiet = heard = 0
        for _ in range(_MOST_GLANCES):
            page.wait_for_timeout(_GLANCE_MILLISECONDS)
            quiet = quiet + 1 if len(self.fired) == heard else 0
            heard = len(self.fired)
            if until in self.fired or (not until and quiet >= _QUIET_GLANCES):
                return

    def take(self) -> tuple[list[str], list[str]]:
        """What was heard since the last time."""
        found = list(self.fired), list(self.refused)
        self.fired.clear()
        self.refused.clear()
        return found


@contextmanager
def watching(browser: Browser) -> Iterator[Watch]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        watch = Watch(context)

        def heard(_: object, kind: str, what: str) -> None:
            (watch.fired if kind == "fired" else watch.refused).append(what)

        context.expose_binding("heard", heard)
        context.add_init_script(_LISTEN)
        yield watch
