"""Leads that become deals and back: a job that takes time, what moves along, and what stands against it."""

from typing import Any

import pytest

from tests.emulator.client import HUY, LINH, MARTA, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

LEADS, DEALS = "/api/v1/leads", "/api/v2/deals"


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


def add_lead(api: ApiAs, **body: Any) -> dict[str, Any]:
    reply = api.request("POST", LEADS, json={"title": "Expo", "person_id": 1, "organization_id": 1} | body)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()["data"]
    return made


def status(api: ApiAs, path: str, job: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"{path}/convert/status/{job}")
    return found


def converted(api: ApiAs, path: str, into: str, **body: Any) -> dict[str, Any]:
    """Order the conversion, wait for it, and answer its last status."""
    job = api.write("POST", f"{path}/convert/{into}", **body)["conversion_id"]
    api.emulator.control("clock", {"advance_seconds": 5})
    return status(api, path, job)


def test_a_conversion_goes_through_its_states(emulator: EmulatorProcess, marta: ApiAs) -> None:
    path = f"/api/v2/leads/{add_lead(marta)['id']}"
    emulator.control("switches", {"conversion_seconds": "20"})
    job = marta.write("POST", f"{path}/convert/deal")["conversion_id"]
    assert status(marta, path, job) == {"conversion_id": job, "status": "not_started"}
    assert marta.write("POST", f"{path}/convert/deal")["conversion_id"] == job
    emulator.control("clock", {"advance_seconds": 12})
    assert status(marta, path, job)["status"] == "running"
    emulator.control("clock", {"advance_seconds": 12})
    done = status(marta, path, job)
    assert done["status"] == "completed"
    assert marta.get(f"{DEALS}/{done['deal_id']}")["title"] == "Expo"
    emulator.control("clock", {"advance_seconds": 4 * 86_400})
    assert marta.refused("GET", f"{path}/convert/status/{job}", 404)["error"] == "Entity was not found"


def test_a_lead_becomes_a_deal_with_all_that_hung_on_it(marta: ApiAs) -> None:
    lead = add_lead(marta, value={"amount": 900, "currency": "USD"}, expected_close_date="2027-02-01")
    task = marta.write("POST", "/api/v2/activities", subject="Call", type="call", lead_id=lead["id"])
    note = marta.write(
        "POST", "/api/v1/notes", content="Wants two", lead_id=lead["id"], pinned_to_lead_flag=1
    )
    done = converted(marta, f"/api/v2/leads/{lead['id']}", "deal", stage_id=8, pipeline_id=1)
    deal = marta.get(f"{DEALS}/{done['deal_id']}")
    expected = {
        "value": 900,
        "currency": "USD",
        "person_id": 1,
        "org_id": 1,
        "stage_id": 8,
        "pipeline_id": 2,
        "owner_id": MARTA,
        "status": "open",
        "expected_close_date": "2027-02-01",
        "source_lead_id": lead["id"],
        "origin": "API",
    }
    assert {key: deal[key] for key in expected} == expected
    marta.refused("GET", f"{LEADS}/{lead['id']}", 404)
    moved = marta.get(f"/api/v2/activities/{task['id']}")
    assert (moved["lead_id"], moved["deal_id"]) == (None, deal["id"])
    kept = marta.get(f"/api/v1/notes/{note['id']}")
    assert (kept["lead_id"], kept["deal_id"]) == (None, deal["id"])
    assert kept["pinned_to_deal_flag"]
    assert not kept["pinned_to_lead_flag"]


def test_custom_fields_go_there_and_back(marta: ApiAs) -> None:
    code = next(
        row["field_code"]
        for row in marta.everything("/api/v2/dealFields")
        if row["field_name"] == "Payment terms"
    )
    lead = add_lead(marta, **{code: "30 days"})
    deal_id = converted(marta, f"/api/v2/leads/{lead['id']}", "deal")["deal_id"]
    deal = marta.get(f"{DEALS}/{deal_id}")
    assert deal["custom_fields"][code] == "30 days"
    assert (deal["stage_id"], deal["currency"]) == (1, "EUR")
    back = converted(marta, f"{DEALS}/{deal_id}", "lead")
    again = marta.get(f"{LEADS}/{back['lead_id']}")
    assert (again[code], again["source_deal_id"], again["source_name"]) == ("30 days", deal_id, "Deal")
    assert again["organization_id"] == 1
    assert marta.get(f"{DEALS}/{deal_id}")["is_deleted"]


def test_a_deal_leaves_its_products_and_history_behind(marta: ApiAs) -> None:
    task = marta.get("/api/v2/activities", deal_id=4)[0]
    lead_id = converted(marta, f"{DEALS}/4", "lead")["lead_id"]
    assert marta.get(f"{LEADS}/{lead_id}")["value"] == {"amount": 29900, "currency": "EUR"}
    assert marta.get(f"/api/v2/activities/{task['id']}")["lead_id"] == lead_id
    assert marta.get("/api/v2/activities", deal_id=4) == []


@pytest.mark.parametrize("end", ["failed", "rejected"])
def test_a_conversion_that_does_not_succeed_changes_nothing(
    emulator: EmulatorProcess, marta: ApiAs, end: str
) -> None:
    emulator.control("switches", {"conversion_end": end})
    lead = add_lead(marta)
    done = converted(marta, f"/api/v2/leads/{lead['id']}", "deal")
    assert (done["status"], "deal_id" in done) == (end, False)
    assert marta.get(f"{LEADS}/{lead['id']}") == lead


def test_what_cannot_be_converted_is_rejected(marta: ApiAs) -> None:
    assert converted(marta, f"{DEALS}/11", "lead")["status"] == "rejected"
    bare = marta.write("POST", DEALS, title="Nobody")["id"]
    assert converted(marta, f"{DEALS}/{bare}", "lead")["status"] == "rejected"
    filed = add_lead(marta)["id"]
    marta.write("PATCH", f"{LEADS}/{filed}", is_archived=True)
    assert converted(marta, f"/api/v2/leads/{filed}", "deal")["status"] == "rejected"
    lead = add_lead(marta)
    path = f"/api/v2/leads/{lead['id']}"
    job = marta.write("POST", f"{path}/convert/deal")["conversion_id"]
    marta.write("DELETE", f"{LEADS}/{lead['id']}")
    marta.emulator.control("clock", {"advance_seconds": 5})
    assert status(marta, path, job)["status"] == "rejected"
    before = len(marta.everything(DEALS))
    marta.refused("POST", f"{path}/convert/deal", 404)
    assert len(marta.everything(DEALS)) == before


def test_a_conversion_belongs_to_its_record_and_its_company(emulator: EmulatorProcess, marta: ApiAs) -> None:
    lead, other = add_lead(marta, visible_to="1"), add_lead(marta)
    job = marta.write("POST", f"/api/v2/leads/{lead['id']}/convert/deal")["conversion_id"]
    marta.refused("GET", f"/api/v2/leads/{other['id']}/convert/status/{job}", 404)
    marta.refused("GET", f"{DEALS}/1/convert/status/{job}", 404)
    path = f"/api/v2/leads/{lead['id']}/convert"
    for stranger in (LINH, HUY):
        direct(emulator, stranger).refused("POST", f"{path}/deal", 404)
    direct(emulator, HUY).refused("GET", f"{path}/status/{job}", 404)
    bad = marta.refused("POST", f"/api/v2/leads/{other['id']}/convert/deal", 400, json={"stage_id": 999})
    assert "Stage 999 was not found" in bad["error"]


def test_a_conversion_without_a_place_left_fails_and_can_be_ordered_again(
    emulator: EmulatorProcess, marta: ApiAs
) -> None:
    path = f"/api/v2/leads/{add_lead(marta)['id']}"
    made = marta.write("POST", "/api/v2/pipelines", name="Short")["id"]
    error = marta.refused("POST", f"{path}/convert/deal", 400, json={"pipeline_id": made})
    assert f"Pipeline {made} has no stages" in error["error"]
    stage = marta.write("POST", "/api/v2/stages", name="Only", pipeline_id=made)["id"]
    job = marta.write("POST", f"{path}/convert/deal", pipeline_id=made)["conversion_id"]
    marta.write("DELETE", f"/api/v2/stages/{stage}")
    emulator.control("clock", {"advance_seconds": 100})
    assert status(marta, path, job) == {"conversion_id": job, "status": "failed"}
    assert converted(marta, path, "deal")["status"] == "completed"
