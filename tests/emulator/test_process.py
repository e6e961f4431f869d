"""The process: start, port, end, and what outlives it."""

import os
import socket
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from tests.emulator.app_behind import AppBehind
from tests.emulator.client import MARTA, ApiAs, Client
from tests.emulator.process import running_emulator, start


def failing(*arguments: str) -> tuple[int, str]:
    """Exit code and complaint of a start that must not succeed."""
    with start(*arguments) as process:
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, errors


def processor_seconds(pid: int) -> float:
    """What a process has used so far: unlike a wall clock, it does not mind a busy machine."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def test_it_is_ready_in_well_under_a_second() -> None:
    with running_emulator() as emulator:
        assert processor_seconds(emulator.process.pid) < 1.0


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, errors = failing("--port", str(taken.getsockname()[1]))
    assert code == 1
    assert errors.count("\n") == 1
    assert "choose another --port" in errors


def test_other_machines_are_let_in_on_purpose_only() -> None:
    everywhere = "0.0.0.0"  # noqa: S104 - what the emulator must refuse
    code, errors = failing("--host", everywhere, "--port", "0")
    assert code == 2
    assert "--allow-remote" in errors
    with running_emulator("--host", everywhere, "--allow-remote") as emulator:
        assert emulator.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--set", "colour=red"), "There is no switch 'colour'."),
        (("--set", "colour"), "not of the form SWITCH=VALUE"),
        (("--seed", "huge"), "invalid choice: 'huge'"),
        (("--app", "/nowhere.json"), "/nowhere.json cannot be read"),
    ],
)
def test_a_wrong_command_line_is_explained(arguments: tuple[str, ...], sentence: str) -> None:
    code, errors = failing("--port", "0", *arguments)
    assert code in (1, 2)
    assert sentence in errors
    assert "Traceback" not in errors


def test_sigterm_ends_it_at_once_even_with_requests_under_way() -> None:
    with running_emulator() as emulator:
        emulator.control("faults", [{"route": "/", "kind": "delay:30"}])
        held = threading.Thread(target=_ignore_end, args=(emulator.url,))
        held.start()
        time.sleep(0.3)
        started = time.monotonic()
        assert emulator.stop() == 0
        assert time.monotonic() - started < 8, "the request would have taken 30"
        assert emulator.process.stderr is not None
        assert emulator.process.stderr.read() == ""
        held.join()


def _ignore_end(url: str) -> None:
    with suppress(httpx2.HTTPError):
        httpx2.get(url, timeout=20)


def test_switches_can_be_set_on_the_command_line_and_survive_a_reset() -> None:
    with running_emulator("--set", "deny_error=access_denied") as emulator:
        emulator.control("reset", {})
        assert emulator.control("switches")["deny_error"]["value"] == "access_denied"


def test_the_command_line_goes_before_what_the_state_file_remembers(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "emulator.db"))
    with running_emulator(*state) as emulator:
        emulator.turn(deny_error="access_denied", share_auth="basic")
    with running_emulator(*state, "--set", "deny_error=user_denied") as emulator:
        switches = emulator.control("switches")
        assert switches["deny_error"]["value"] == "user_denied"
        assert switches["share_auth"]["value"] == "basic"


def test_state_outlives_a_kill(tmp_path: Path, app: AppBehind) -> None:
    state = ("--state", str(tmp_path / "deep" / "emulator.db"))
    with running_emulator(*state) as emulator:
        emulator.control("apps", app.registration())
        client = Client(emulator, app)
        tokens, code = client.grant(MARTA), client.code(MARTA)
        ApiAs(emulator, tokens["access_token"]).write("PATCH", "/api/v2/deals/1", title="Kept")
        ApiAs(emulator, tokens["access_token"]).write("POST", "/api/v2/activities", subject="Kept too")
        emulator.turn(deny_error="access_denied")
        emulator.advance(600)
        before = (emulator.control("world"), emulator.control("ledger"), emulator.control("switches"))
        now = emulator.control("clock")["now"]
        emulator.kill()
    with running_emulator(*state) as emulator:
        assert (emulator.control("world"), emulator.control("ledger"), emulator.control("switches")) == before
        assert emulator.control("clock")["now"] >= now
        client = Client(emulator, app)
        api = ApiAs(emulator, tokens["access_token"])
        assert api.get("/api/v2/deals/1")["title"] == "Kept"
        assert client.refresh(tokens["refresh_token"]).status_code == 200
        assert client.exchange(code).json()["message"].endswith("has expired")


def test_tokens_are_not_in_the_state_file(tmp_path: Path, app: AppBehind) -> None:
    file = tmp_path / "emulator.db"
    with running_emulator("--state", str(file)) as emulator:
        emulator.control("apps", app.registration())
        tokens = Client(emulator, app).grant(MARTA)
    written = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"Coffee roasting line" in written
    for name in ("access_token", "refresh_token"):
        assert tokens[name].encode() not in written


def test_a_state_file_of_the_first_format_is_carried_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "emulator.db") as db:
        db.execute(
            "CREATE TABLE entries (section TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (section, key)) "
            "WITHOUT ROWID"
        )
        rows = [("store", "format", "1"), ("switches", "deny_error", '"access_denied"')]
        db.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)
    db.close()
    for _ in range(2):
        with running_emulator("--state", str(tmp_path / "emulator.db")) as emulator:
            assert emulator.control("switches")["deny_error"]["value"] == "access_denied"
            emulator.kill()


def test_a_state_file_in_use_or_unusable_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "emulator.db"
    with running_emulator("--state", str(file)):
        code, errors = failing("--port", "0", "--state", str(file))
    assert (code, errors.count("\n")) == (1, 1)
    assert "in use by another emulator" in errors
    file.write_text("this is no database, and it never was one; it is only a text of some length")
    code, errors = failing("--port", "0", "--state", str(file))
    assert (code, errors.count("\n")) == (1, 1)
    assert "cannot be used as --state" in errors
