"""The plain registration: full URLs and no manifest, by file and by route."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.emulator.app_behind import AppBehind
from tests.emulator.client import ACME, MARTA, ApiAs
from tests.emulator.process import EmulatorProcess, running_emulator


def plain(url: str, **changes: Any) -> dict[str, Any]:
    form = {
        "name": "Plain",
        "callback_url": f"{url}/cb",
        "scopes": ["base", {"name": "deals:read", "reason": "To greet."}],
        "surfaces": [
            {
                "name": "hello",
                "kind": "custom_panel",
                "url": "http://127.0.0.1:9/panel?lang=en",
                "views": ["deal/details"],
                "jwt_secret": "panel-secret-0123456789",
            }
        ],
    }
    return form | changes


def installed(emulator: EmulatorProcess, app: AppBehind, row: dict[str, Any]) -> dict[str, Any]:
    """Walk to the callback and exchange the code, as the app would."""
    order = {"client_id": row["client_id"], "company_id": ACME, "user_id": MARTA}
    assert emulator.control("install", order)["callback_status"] == 200
    code = next(one.query["code"] for one in app.arrivals if "code" in one.query)
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": row["callback_url"]}
    auth = (row["client_id"], row["client_secret"])
    tokens: dict[str, Any] = emulator.http.post("/oauth/token", data=fields, auth=auth).json()
    return tokens


def test_an_app_without_a_manifest_installs_and_calls(emulator: EmulatorProcess, app: AppBehind) -> None:
    row = emulator.control("apps", plain(app.url))
    assert (row["callback_url"], row["installation_url"]) == (f"{app.url}/cb", None)
    assert (row["scopes"], row["surfaces"]) == (["base", "deals:read"], ["hello"])
    tokens = installed(emulator, app, row)
    assert tokens["scope"] == "base,deals:read"
    api = ApiAs(emulator, tokens["access_token"])
    assert api.get("/api/v2/deals/1")["id"] == 1
    api.refused("GET", "/api/v2/persons", 403)


def test_its_surfaces_keep_their_own_urls_and_secrets(emulator: EmulatorProcess, app: AppBehind) -> None:
    row = emulator.control("apps", plain(app.url))
    order = {"client_id": row["client_id"], "company_id": ACME, "user_id": MARTA}
    url = urlsplit(emulator.control("surface", order | {"surface": "hello", "record_id": 1})["url"])
    assert (url.netloc, url.path) == ("127.0.0.1:9", "/panel")
    query = dict(parse_qsl(url.query))
    assert (query["lang"], query["selectedIds"], query["resource"]) == ("en", "1", "deal")
    signed, _, signature = query["token"].rpartition(".")
    expected = hmac.new(b"panel-secret-0123456789", signed.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected


def test_ids_and_secrets_not_given_are_drawn_once(emulator: EmulatorProcess, app: AppBehind) -> None:
    rows = [emulator.control("apps", plain(app.url, name="Drawn")) for _ in range(2)]
    assert rows[0] == rows[1]
    given = emulator.control("apps", plain(app.url, client_id="own", client_secret="s1, s2"))
    assert (given["client_id"], given["client_secret"]) == ("own", "s1,s2")


def test_an_installation_url_is_where_the_marketplace_leads(
    emulator: EmulatorProcess, app: AppBehind
) -> None:
    row = emulator.control("apps", plain(app.url, installation_url=f"{app.url}/start?from=pipedrive"))
    order = {"client_id": row["client_id"], "company_id": ACME, "user_id": MARTA}
    assert emulator.ask("install", order).status_code == 502
    assert (app.arrivals[0].path, app.arrivals[0].query) == ("/start", {"from": "pipedrive"})


def test_a_file_registers_it_at_start(tmp_path: Path, app: AppBehind) -> None:
    file = tmp_path / "app.json"
    file.write_text(json.dumps(plain(app.url)), encoding="utf-8")
    with running_emulator("--app", str(file)) as emulator:
        assert [row["name"] for row in emulator.control("apps")["apps"]] == ["Plain"]


SURFACE = {"name": "hello", "kind": "custom_panel", "url": "http://127.0.0.1:9/panel"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "The registration lacks name"),
    ({"callback_url": None}, "The registration lacks callback_url"),
    ({"callback_url": "/cb"}, "callback_url must be a URL"),
    ({"callback_url": "http://a.example/cb#x"}, "callback_url must be a URL"),
    ({"installation_url": "ftp://a.example"}, "installation_url must be a URL"),
    ({"colour": "red"}, "the unknown key 'colour'"),
    ({"scopes": "base"}, "scopes is a list"),
    ({"scopes": [7]}, "scopes is a list such as"),
    ({"surfaces": {}}, "surfaces is a list"),
    ({"surfaces": ["hello"]}, "surfaces is a list of objects"),
    ({"surfaces": [SURFACE | {"kind": "hologram"}]}, "has the kind 'hologram'. There are: custom_panel"),
    ({"surfaces": [SURFACE | {"url": "panel"}]}, "The surface 'hello': url must be a URL"),
    ({"surfaces": [{"name": "hello", "kind": "custom_panel"}]}, "The surface 'hello' lacks url"),
    ({"surfaces": [SURFACE | {"path": "/x"}]}, "The surface 'hello' has the unknown key 'path'"),
    ({"surfaces": [SURFACE | {"views": "deal"}]}, "The surface 'hello': views is a list"),
]


@pytest.mark.parametrize(("change", "sentence"), BAD)
def test_what_is_wrong_with_it_is_said(
    emulator: EmulatorProcess, app: AppBehind, change: dict[str, Any], sentence: str
) -> None:
    before = emulator.control("apps")
    refused = emulator.ask("apps", plain(app.url) | change)
    assert (refused.status_code, sentence in refused.json()["error"]) == (400, True), refused.text
    assert emulator.control("apps") == before
