"""Whatever Pipedrive does where its documents are silent, the app works: every switch, every value."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipedrive_emulator.switch_rows import SWITCHES
from tests.integration.acting import is_done, with_step
from tests.integration.person import button_in
from tests.integration.town import Town, running_town

# Company hosts are names under localhost, which resolve in browsers only: no server could call them.
ELSEWHERE = {("api_domain", "company_host")}
POSITIONS = [
    pytest.param(switch.name, value, id=f"{switch.name}-{value}")
    for switch in SWITCHES
    if not switch.number_default
    for value in switch.values
    if value != switch.default and (switch.name, value) not in ELSEWHERE
]
# One position demands it of every deal.
CONTACT = {"person_id": 1}
# More than the life of an access token, so that the second press needs a new one.
AN_HOUR_AND_MORE = 3_700


@pytest.fixture(scope="module")
def unsure_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(Path(tmp_path_factory.mktemp("unsure"))) as town:
        yield town


@pytest.mark.parametrize(("name", "value"), POSITIONS)
def test_install_press_renew_press_and_uninstall(unsure_town: Town, name: str, value: str) -> None:
    town = unsure_town
    before = town.stack.control.switches()[name]["value"]
    town.stack.control.turn(**{name: value})
    try:
        jack = town.jack.installed()
        presses_done(town, f"{name} is {value}")
        town.advance(AN_HOUR_AND_MORE)
        presses_done(town, f"{name} is still {value}")
        jack.uninstalls()
        deal, _ = with_step(jack, "after the end", **CONTACT)
        page = jack.opens(deal)
        assert page.status_code == 200
        assert 'data-state="connect"' in page.text
    finally:
        town.stack.control.turn(**{name: before})


def presses_done(town: Town, subject: str) -> None:
    jack = town.jack
    deal, step = with_step(jack, subject, **CONTACT)
    reply = jack.presses(deal, button_in(jack.picture(deal), "done", activity_id=step))
    assert reply.status_code == 200, reply.text
    assert is_done(town, jack, step)
