"""A page of another site that knows everything: address, token, ticket and form. It changes nothing.

It cannot send `Authorization` without asking first, and nobody answers that question.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from tests.browser.hostile_pages import HostilePages, hostile_pages
from tests.browser.patience import waited
from tests.browser.sightline import Seller, settled
from tests.integration.acting import is_done, with_step, writes
from tests.integration.person import PANEL, Button, Person, buttons_in, with_query
from tests.integration.town import Town, running_town

# Each way sends one press; what becomes of it is judged in Pipedrive. `url` has the token in its query.
WAYS = {
    "a form": "post(url, body, 'application/x-www-form-urlencoded')",
    "a form in parts": "post(url, body, 'multipart/form-data')",
    "a form of plain text": "post(url, body, 'text/plain')",
    "a form in a sandbox": "post(url, body, 'text/plain', 'allow-forms allow-scripts')",
    "a request without permission": "go(url, {mode: 'no-cors', body})",
    "a request with cookies": "go(url, {mode: 'no-cors', body, credentials: 'include'})",
    "fields without permission": "go(url, {mode: 'no-cors', body: new URLSearchParams({json: body})})",
    "a beacon": "navigator.sendBeacon(url, body)",
    "a typed beacon": "navigator.sendBeacon(url, new Blob([body], {type: 'text/plain;charset=UTF-8'}))",
    "a request that asks first": "go(url, {headers: {Authorization: bearer, 'Content-Type': json}, body})",
    "JSON that asks first": "go(url, {headers: {'Content-Type': json}, body})",
    "a picture": "Object.assign(new Image(), {src: url})",
    "a script": "document.head.append(Object.assign(document.createElement('script'), {src: url}))",
}
_SCRIPT = """([way, url, body, token]) => {
  const json = "application/json", bearer = `Bearer ${token}`;
  const go = (address, options) => fetch(address, {method: "POST", ...options}).catch(() => {});
  const post = (address, text, enctype, sandbox) => {
    const frame = document.createElement("iframe");
    if (sandbox) frame.setAttribute("sandbox", sandbox);
    const action = address.replaceAll("&", "&amp;");
    frame.srcdoc = `<form method=post enctype="${enctype}" action="${action}"><input></form><script>
      const field = document.querySelector("input"), text = ${JSON.stringify(text)};
      field.name = text.slice(0, -1) + ',"x":"';
      field.value = '"}';
      document.forms[0].submit()<` + "/script>";
    document.body.append(frame);
  };
  void eval(way);
}"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("forgery")) as running:
        yield running


@pytest.fixture(scope="module")
def evil() -> Iterator[HostilePages]:
    with hostile_pages() as pages:
        yield pages


def arrived(town: Town) -> int:
    """How many requests for an action the app has answered, whatever it said."""
    return town.stack.log_of("serve").count(f'"path":"{PANEL}/actions/')


def forged(tab: Page, way: str, person: Person, deal: int, button: Button) -> None:
    base = person.panel_url(deal).replace(PANEL, f"{PANEL}/actions/{button.action}")
    token = person.token()
    body = json.dumps({"ticket": button.ticket, "form": dict(button.form)})
    tab.evaluate(_SCRIPT, [WAYS[way], with_query(base, token=token), body, token])


@pytest.mark.parametrize("way", WAYS)
def test_another_site_presses_no_button(
    way: str, town: Town, evil: HostilePages, browsing: BrowserContext
) -> None:
    marta = town.marta.installed()
    deal, step = with_step(marta, way)
    buttons = buttons_in(marta.picture(deal))
    assert {"done", "move-date"} <= {button.action for button in buttons}
    tab, since = browsing.new_page(), town.now()
    tab.goto(evil.put("<h1>Win</h1>", "evil.localhost"))
    before = arrived(town)
    for button in buttons:
        forged(tab, way, marta, deal, button)
    assert waited(tab, lambda: arrived(town) >= before + len(buttons), seconds=30)
    assert writes(town, since) == []
    assert not is_done(town, marta, step)
    done = next(button for button in buttons if button.action == "done")
    assert marta.presses(deal, done).status_code == 200  # the ticket was good, and nobody has used it
    assert is_done(town, marta, step)


def later_routes(picture: str) -> Sequence[tuple[str, str]]:
    actions = {button.action for button in buttons_in(picture)}
    reads = [("GET", f"{PANEL}/sections/{name}") for name in ("all", "consent")]
    return [*reads, *(("POST", f"{PANEL}/actions/{action}") for action in sorted(actions))]


def test_a_token_in_the_address_opens_no_later_route(town: Town) -> None:
    """The header alone is read there, so an address that leaks is no link that does anything."""
    marta = town.marta.installed()
    deal, step = with_step(marta, "leaked")
    picture, since = marta.picture(deal), town.now()
    routes = later_routes(picture)
    assert len(routes) >= 5
    buttons = {button.action: button for button in buttons_in(picture)}
    for method, path in routes:
        address = marta.panel_url(deal).replace(PANEL, path)
        button = buttons.get(path.rpartition("/")[2])
        given: Any = {"ticket": button.ticket, "form": dict(button.form)} if button else None
        for headers in ({}, {"Authorization": "Bearer"}, {"Cookie": "token=x"}):
            reply = town.http.request(method, address, json=given, headers=headers)
            assert (reply.status_code, reply.json()["reason"]) == (401, "context_rejected"), path
    assert town.calls(since) == []
    assert not is_done(town, marta, step)


def test_our_page_sends_the_token_of_its_address_to_nobody(town: Town, browsing: BrowserContext) -> None:
    """Later reads and presses carry another one (docs/adr/0008), and the address bar forgets it."""
    jack = town.jack.installed()
    deal, step = with_step(jack, "a step")
    jack.opens(deal)  # now a picture is kept, and the page asks for nothing by itself
    tab, asked = browsing.new_page(), list[Request]()
    tab.on("request", lambda request: asked.extend([request]))
    panel = Seller(town.stack, tab, "acme", jack.user).open_deal(deal)
    settled(panel)
    first = next(each for each in asked if f"{PANEL}?" in each.url)
    token = first.url.partition("token=")[2].partition("&")[0]
    assert len(token) > 100
    town.advance(5)  # Pipedrive signs the same text again within a second
    panel.get_by_role("button", name="Refresh").click()
    settled(panel)
    panel.get_by_role("button", name="Done", exact=True).click()
    panel.get_by_role("button", name="Undo").wait_for()
    later = [each for each in asked if each is not first and each.url.startswith(town.stack.app_url)]
    assert {each.method for each in later} == {"GET", "POST"}
    for each in later:
        assert token not in each.url + str(each.all_headers()) + (each.post_data or "")
    frames = [frame.url for frame in tab.frames if frame.url.startswith(town.stack.app_url)]
    assert frames
    assert "token=" not in "".join(frames)
    assert is_done(town, jack, step)


def test_the_server_takes_either_token_as_a_bearer(town: Town) -> None:
    """Decided so: nothing tells them apart. Should Pipedrive ever do, this is the place to be stricter."""
    marta = town.marta.installed()
    token = marta.panel_url(1).partition("token=")[2].partition("&")[0]
    assert marta.refreshes(1, token=token).status_code == 200
