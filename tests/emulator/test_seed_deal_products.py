"""The planted products against the arithmetic of the API: a change must not alter what a deal is worth."""

import pytest

from tests.emulator.client import HUY, MARTA
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess


@pytest.mark.parametrize(("user", "deals"), [(MARTA, (4, 9, 20)), (HUY, (1, 2))])
def test_planted_products_add_up_to_the_value_of_their_deal(
    emulator: EmulatorProcess, user: int, deals: tuple[int, ...]
) -> None:
    api = direct(emulator, user)
    for deal in deals:
        before = api.get(f"/api/v2/deals/{deal}")
        after = api.write("PATCH", f"/api/v2/deals/{deal}", value=1)
        assert api.get(f"/api/v2/deals/{deal}/products")
        keys = ("value", "acv", "arr", "mrr")
        assert [after[key] for key in keys] == [before[key] for key in keys]


def test_planted_leads_are_labelled_and_one_is_archived(emulator: EmulatorProcess) -> None:
    for user in (MARTA, HUY):
        api = direct(emulator, user)
        labels = {row["id"] for row in api.get("/api/v1/leadLabels")}
        leads = api.get("/api/v1/leads")
        assert all(set(lead["label_ids"]) <= labels and lead["label_ids"] for lead in leads)
        assert len(api.get("/api/v1/leads/archived")) == 1
