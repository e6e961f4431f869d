"""The fixtures for other people's tests, in a pytest of its own, in a folder of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = "pipedrive_emulator.pytest_plugin"

# An app's own test file: what a stranger would write after the README.
TESTS = """
import os
import threading
from pathlib import Path
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

MARTA = 19100351


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        is_sdk = self.path == "/sdk.js"
        body = Path(os.environ["SDK"]).read_bytes() if is_sdk else PAGE
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if is_sdk else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


PAGE = (
    b"<script src=/sdk.js></script><p id=hello>Hello</p>"
    b"<script>new AppExtensionsSDK().initialize({})</script>"
)


@pytest.fixture(scope="module")
def app():
    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def form(app):
    surface = {"name": "hello", "kind": "custom_panel", "url": f"{app}/panel", "views": ["deal/details"]}
    return {"name": "Hello", "callback_url": f"{app}/cb", "scopes": ["deals:full"], "surfaces": [surface]}


def test_an_app_is_walked_to_its_callback(pipedrive, app):
    row = pipedrive.register(form(app))
    assert pipedrive.install(row["client_id"], MARTA)["callback_status"] == 200
    pipedrive.call(MARTA, "PATCH", "/api/v2/deals/1", {"title": "Changed by the first test"})
    pipedrive.turn(deny_error="access_denied")
    pipedrive.advance(3600)
    pipedrive.fault("/v1/*", "status:503", count=5)
    assert [entry["kind"] for entry in pipedrive.ledger()][0] == "code_issued"


def test_the_next_test_finds_a_fresh_one(pipedrive):
    assert pipedrive.ledger() == []
    assert pipedrive.world()["apps"] == []
    assert pipedrive.call(MARTA, "GET", "/api/v2/deals/1")["data"]["title"] != "Changed by the first test"
    assert pipedrive.control("switches")["deny_error"]["value"] == "user_denied"
    assert pipedrive.control("faults") == {"faults": []}


def test_refusals_carry_the_sentence(pipedrive):
    from pipedrive_emulator.remote import PipedriveRefused

    with pytest.raises(PipedriveRefused, match="There is no switch") as caught:
        pipedrive.turn(colour="red")
    assert caught.value.status == 400
    with pytest.raises(LookupError, match="There is no user 'Nobody' in acme"):
        pipedrive.user("Nobody")


def test_moments_can_be_kept_and_brought_back(pipedrive):
    pipedrive.call(MARTA, "PATCH", "/api/v2/deals/1", {"title": "Kept"})
    pipedrive.snapshot("kept")
    pipedrive.call(MARTA, "PATCH", "/api/v2/deals/1", {"title": "Spoilt"})
    pipedrive.restore("kept")
    assert pipedrive.call(MARTA, "GET", "/api/v2/deals/1")["data"]["title"] == "Kept"


def test_records_and_calls_are_looked_up(pipedrive):
    since = pipedrive.ledger()[-1]["n"] if pipedrive.ledger() else pipedrive.since
    pipedrive.call(MARTA, "PATCH", "/api/v2/deals/1", {"title": "Looked up"})
    assert pipedrive.records("deals")[1]["title"] == "Looked up"
    assert pipedrive.records("deals", "saigon-star")[1]["title"] != "Looked up"
    made = pipedrive.api_calls(since)
    assert [(one["method"], one["path"]) for one in made] == [("PATCH", "/api/v2/deals/1")]
    assert pipedrive.api_calls(pipedrive.api_calls()[-1]["n"]) == []


def test_a_surface_has_its_address(pipedrive, app):
    row = pipedrive.register(form(app))
    url = urlsplit(pipedrive.surface(row["client_id"], "hello", pipedrive.user("Jack Miller")["id"], 1))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{app}/panel"
    assert parse_qs(url.query)["selectedIds"] == ["1"]
"""

HOST_TESTS = (
    TESTS.partition("def test_an_app")[0]
    + """
def test_pages_open_in_a_browser(pipedrive, pipedrive_host, app):
    pipedrive.register(form(app))
    page = pipedrive_host.open("/deal/1", MARTA)
    assert "acme.localhost" in page.url
    frame = pipedrive_host.panel(page, "hello")
    assert frame.inner_text("#hello") == "Hello"
    assert pipedrive_host.open("/deals", 19104020).title().endswith("Sao Sài Gòn")
"""
)


def pytest_in(folder: Path, tests: str, *more: str, ini: str = "", path: str = "") -> str:
    """Run pytest there with nothing of this project but the plugin; its output."""
    (folder / "test_theirs.py").write_text(tests, encoding="utf-8")
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}", encoding="utf-8")
    arguments = ["-p", PLUGIN, "-p", "no:cacheprovider", "-q", *more]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [path, str(ROOT)])),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "SDK": str(ROOT / "node_modules/@pipedrive/app-extensions-sdk/dist/index.umd.js"),
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    return run.stdout + run.stderr


def test_their_tests_get_a_fresh_pipedrive_each(tmp_path: Path) -> None:
    output = pytest_in(tmp_path, TESTS)
    assert re.search(r"^6 passed", output, re.MULTILINE), output


def test_their_tests_open_pages_in_a_browser(tmp_path: Path) -> None:
    output = pytest_in(tmp_path, HOST_TESTS)
    assert re.search(r"^1 passed", output, re.MULTILINE), output


def test_apps_seed_and_switches_come_from_their_settings(tmp_path: Path) -> None:
    (tmp_path / "app.json").write_text(
        '{"name": "Set up", "callback_url": "http://127.0.0.1:9/cb", "client_id": "set-up"}'
    )
    tests = """
import pytest

@pytest.mark.parametrize("again", [1, 2])
def test_settings(pipedrive, again):
    assert [app["client_id"] for app in pipedrive.world()["apps"]] == ["set-up"]
    assert pipedrive.control("switches")["deny_error"]["value"] == "access_denied"
"""
    ini = "pipedrive_apps = app.json\npipedrive_switches = deny_error=access_denied\n"
    output = pytest_in(tmp_path, tests, ini=ini)
    assert re.search(r"^2 passed", output, re.MULTILINE), output


def test_an_emulator_that_cannot_start_says_why(tmp_path: Path) -> None:
    output = pytest_in(tmp_path, "def test_it(pipedrive): pass\n", ini="pipedrive_seed = huge\n")
    assert "The Pipedrive emulator did not start." in output
    assert "invalid choice: 'huge'" in output
    assert "Traceback" not in output


def test_without_playwright_the_host_fixture_fails_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "playwright.py").write_text("raise ImportError('not here')\n")
    tests = "def test_it(pipedrive_host): pass\n\ndef test_other(pipedrive): pass\n"
    output = pytest_in(tmp_path, tests, path=str(tmp_path / "without"))
    assert "pip install playwright" in output
    assert re.search(r"^1 passed, 1 error", output, re.MULTILINE), output


def test_no_process_is_left_behind(tmp_path: Path) -> None:
    tests = "def test_it(pipedrive): open('url', 'w').write(pipedrive.url)\n"
    assert "1 passed" in pytest_in(tmp_path, tests)
    port = (tmp_path / "url").read_text().rpartition(":")[2]
    with socket.socket() as caller, pytest.raises(ConnectionRefusedError):
        caller.connect(("127.0.0.1", int(port)))


def test_pytest_finds_the_plugin_once_the_package_is_installed(tmp_path: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    assert declared[PLUGIN] == PLUGIN
    assert all(name == module for name, module in declared.items())
    site = tmp_path / "site"
    installed = Path(str(metadata.distribution("marketplace-app")._path))  # type: ignore[attr-defined]
    shutil.copytree(installed, site / installed.name)
    (site / installed.name / "entry_points.txt").write_text(f"[pytest11]\n{PLUGIN} = {PLUGIN}\n")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "test_it.py").write_text("def test_it(pipedrive): assert pipedrive.world()\n")
    environment = os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{ROOT}"}
    for more in ([], ["-p", PLUGIN]):
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more],
            cwd=tmp_path / "theirs",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "1 passed" in run.stdout, run.stdout + run.stderr


pytestmark = pytest.mark.timeout(240)
