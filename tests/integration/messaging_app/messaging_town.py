"""The app of messaging with its people, and Pipedrive that asks it, or somebody who says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from marketplace_app.testing.app import AppFiles, RunningApp, running_app
from marketplace_app.testing.control import Person, named
from marketplace_app.testing.pages import Page
from marketplace_app.testing.surface import Surface
from tests.harness.processes import wait_for
from tests.harness.secrets import assert_no_secrets

HERE = Path(__file__).parent
FILES = AppFiles(
    "tests.integration.messaging_app.extensions:EXTENSIONS", HERE / "manifest.json", HERE / "templates"
)
Reply = httpx2.Response
FORM = {"message": "Hello", "senderId": "us", "conversationId": "talk-1", "recipientIds[]": "anna,eva"}


@dataclass(frozen=True, slots=True)
class MessagingTown:
    app: RunningApp
    http: httpx2.Client
    people: list[Person]

    def person(self, name: str, company: str = "acme") -> Person:
        return named(self.people, name, company)

    @property
    def credentials(self) -> tuple[str, str]:
        return self.app.client_id, self.app.local.identity.client_secret

    def connects(self, person: Person, account: str) -> str:
        """Through the settings page; the provider's id of the channel, once Pipedrive has asked for it."""
        page = self.settings(person).press("Connect", account=account)
        assert page.status == 200, page.json
        channel = self.channel(person, account)
        questions = {"getConversations"} | ({"getTemplates"} if channel["template_support"] else set())
        wait_for(lambda: questions <= self.asked_for(str(channel["provider_channel_id"])))
        return str(channel["provider_channel_id"])

    def asked_for(self, channel_id: str) -> set[str]:
        """Which endpoints Pipedrive has asked of that channel, and had an answer or none."""
        return {
            str(entry["endpoint"])
            for entry in self.app.control.ledger(0)
            if entry["kind"] == "messaging_request" and entry["channel"] == channel_id
        }

    def settings(self, person: Person) -> Page:
        """The settings page, as that person opens it; who has not installed the app does so first."""
        surface = Surface(self.app, self.people, person, self.app.control.last_entry())
        return surface.open("connect")

    def channels(self, person: Person) -> list[dict[str, Any]]:
        """What Pipedrive has."""
        found: list[dict[str, Any]] = self.app.control.ask("GET", "channels")["channels"]
        return [each for each in found if each["pd_user_id"] == person.id]

    def channel(self, person: Person, account: str) -> dict[str, Any]:
        (found,) = [each for each in self.channels(person) if each["name"] == f"Chat {account}"]
        return found

    def asks(self, endpoint: str, channel_id: str, *ids: str, **how: Any) -> Reply:
        """Straight to the app, with our credentials unless `auth` says others."""
        method, path = PATHS[endpoint]
        where = path.format(*(quote(each, safe="") for each in (channel_id, *ids)))
        how = {"auth": self.credentials, **how}
        if endpoint == "postMessage" and not how.keys() & {"data", "content", "files"}:
            how["files"] = {name: (None, value) for name, value in FORM.items()}
        return self.http.request(method, self.app.url + where, **how)

    def handled(self, since: int) -> set[tuple[int, int]]:
        """In whose names handlers were asked: each leaves this trace at Pipedrive."""
        return {
            (entry["company_id"], entry["user_id"])
            for entry in self.app.control.ledger(since)
            if entry["kind"] == "api_call" and entry["path"] == "/api/v2/deals"
        }


BELOW = "/pd/channels/{}"
PATHS = {
    "getConversations": ("GET", f"{BELOW}/conversations"),
    "getConversationById": ("GET", f"{BELOW}/conversations/{{}}"),
    "postMessage": ("POST", f"{BELOW}/messages"),
    "getSenderById": ("GET", f"{BELOW}/senders/{{}}"),
    "deleteChannelById": ("DELETE", BELOW),
    "getTemplates": ("GET", f"{BELOW}/templates"),
    "getMessageById": ("GET", f"{BELOW}/conversations/{{}}/messages/{{}}"),
}
IDS = {"getConversationById": ("talk-1",), "getSenderById": ("anna",), "getMessageById": ("talk-1", "m1")}


def _http() -> httpx2.Client:
    """A connection for each question: a server may close one whose body it refused to read."""
    return httpx2.Client(trust_env=False, timeout=30, limits=httpx2.Limits(max_keepalive_connections=0))


@contextmanager
def running_messaging_town(folder: Path) -> Iterator[MessagingTown]:
    with running_app(folder, FILES) as app, _http() as http:
        yield MessagingTown(app, http, app.control.people())
        files = [*(app.local.plan.folder / "logs").glob("*.log")]
        assert_no_secrets(files, app.local.identity)
