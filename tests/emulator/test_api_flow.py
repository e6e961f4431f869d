"""What a flow says of one changed field."""

from tests.emulator.client import MARTA
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess


def test_a_changed_field_is_told_in_full(emulator: EmulatorProcess) -> None:
    marta = direct(emulator, MARTA)
    before = marta.get("/api/v2/deals/2")["title"]
    marta.write("PATCH", "/api/v2/deals/2", title="Another title")
    row = marta.get("/api/v1/deals/2/flow", items="change")[0]
    assert row["object"] == "dealChange"
    told = row["data"]
    assert {name: told[name] for name in ("item_id", "user_id", "field_key", "old_value", "new_value")} == {
        "item_id": 2,
        "user_id": MARTA,
        "field_key": "title",
        "old_value": before,
        "new_value": "Another title",
    }
    assert (told["change_source"], told["is_bulk_update_flag"]) == ("api", None)
    assert told["change_source_user_agent"].startswith("python-httpx2")
    assert told["log_time"] == row["timestamp"]
    assert "additional_data" in told
