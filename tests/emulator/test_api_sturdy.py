"""What must not spoil a company's records, and what must not outlive its time."""

from pathlib import Path

import pytest

from tests.emulator.client import MARTA
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess, running_emulator

DAY = 86_400


@pytest.mark.parametrize("path", ["deals", "persons", "organizations"])
def test_a_cleared_list_is_an_empty_list(emulator: EmulatorProcess, path: str) -> None:
    marta = direct(emulator, MARTA)
    name = {"title" if path == "deals" else "name": "Cleared"}
    record = marta.write("POST", f"/api/v2/{path}", **name, label_ids=None)
    assert record["label_ids"] == []
    assert marta.write("PATCH", f"/api/v2/{path}/{record['id']}", label_ids=None)["label_ids"] == []
    assert marta.get("/api/v1/recents", since_timestamp="2000-01-01 00:00:00")


@pytest.mark.parametrize("value", [10**400, -(10**16), 1e16])
def test_a_number_that_no_sum_can_hold_is_refused(emulator: EmulatorProcess, value: float) -> None:
    marta = direct(emulator, MARTA)
    body = marta.refused("POST", "/api/v2/deals", 400, json={"title": "Much", "value": value})
    assert "must be a number" in body["error"]


def test_what_was_deleted_thirty_days_ago_is_gone_for_good(emulator: EmulatorProcess) -> None:
    marta = direct(emulator, MARTA)
    deal = marta.write("POST", "/api/v2/deals", title="Short-lived")["id"]
    marta.write("DELETE", f"/api/v2/deals/{deal}")
    emulator.advance(29 * DAY)
    assert marta.get(f"/api/v2/deals/{deal}")["is_deleted"] is True
    emulator.advance(3 * DAY)
    marta.refused("GET", f"/api/v2/deals/{deal}", 404)
    assert deal not in {row["id"] for row in marta.get("/api/v2/deals", status="deleted")}


def test_a_number_is_not_given_again_after_a_restart(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state.sqlite"))
    with running_emulator(*state) as emulator:
        marta = direct(emulator, MARTA)
        made = marta.write("POST", "/api/v1/deals/2/participants", person_id=5)["id"]
        marta.write("DELETE", f"/api/v1/deals/2/participants/{made}")
        emulator.kill()
    with running_emulator(*state) as emulator:
        again = direct(emulator, MARTA).write("POST", "/api/v1/deals/2/participants", person_id=5)["id"]
    assert again == made + 1
