"""402: a company's account is not open. Everybody is told, nothing ends, and later all is as it was."""

from collections.abc import Iterator

import pytest

from tests.integration.acting import is_done, with_step
from tests.integration.callback import CONNECT, begins, code_of, comes_back, is_connected, names_in, store_of
from tests.integration.person import button_in
from tests.integration.town import Town, running_town

TITLE = "Your company&#39;s Pipedrive account is not open"
SENTENCE = "Your company's Pipedrive account is not open"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("closed")) as town:
        yield town


@pytest.fixture
def closing(place: Town) -> Iterator[Town]:
    yield place
    turn(place, is_open=True)


def turn(town: Town, *, is_open: bool) -> None:
    town.stack.control.change_company(town.marta.company["id"], is_open=is_open)


def grants(town: Town) -> set[bytes]:
    with store_of(town) as raw:
        return {name for name in names_in(raw) if name.endswith((b":installation", b"data-key"))}


def test_the_panel_says_so_and_everything_works_when_it_is_open_again(closing: Town) -> None:
    jack = closing.jack.installed()
    deal, step = with_step(jack, "a company that closes")
    button = button_in(jack.picture(deal), "done", activity_id=step)
    fresh = jack.calls("POST", "/api/v2/deals", title="Never shown before")["id"]
    turn(closing, is_open=False)
    before, since = grants(closing), closing.now()
    page = jack.opens(fresh)
    assert page.status_code == 200
    assert TITLE in page.text
    assert CONNECT not in page.text
    for reply in (jack.refreshes(deal, fresh=True), jack.presses(deal, button)):
        assert (reply.status_code, reply.json()["reason"]) == (402, "company_closed")
        (command,) = reply.json()["commands"]
        assert command["kind"] == "message"
        assert SENTENCE in command["text"]
    assert jack.opens(deal).headers["surface-state"] == "complete"  # what was read before is still shown
    assert closing.ledger(since, "token_refused", "token_revoked", "uninstalled") == []
    assert grants(closing) == before
    turn(closing, is_open=True)
    assert jack.presses(deal, button).status_code == 200  # the very same press
    assert is_done(closing, jack, step)
    assert jack.opens(fresh).status_code == 200


def test_a_grant_that_has_to_be_renewed_meanwhile_lives_on(closing: Town) -> None:
    jack = closing.jack.installed()
    turn(closing, is_open=False)
    for _ in range(3):
        closing.advance(7200)
        assert jack.refreshes(2, fresh=True).status_code == 402
    turn(closing, is_open=True)
    assert jack.refreshes(2, fresh=True).status_code == 200


def test_the_callback_says_so_and_whoever_starts_again_later_is_connected(closing: Town) -> None:
    marta, begun = closing.marta, begins(closing)
    code = code_of(marta)
    turn(closing, is_open=False)
    reply = comes_back(closing, [("code", code), ("state", begun.state)], begun.cookie)
    assert reply.status_code == 402
    assert TITLE in reply.text
    assert "/oauth/install" in reply.text
    assert marta.user["name"] not in reply.text
    assert "set-cookie" not in reply.headers
    turn(closing, is_open=True)
    assert comes_back(closing, [("code", code_of(marta))]).status_code == 200
    assert is_connected(marta)


def test_another_company_notices_nothing(closing: Town) -> None:
    huy = closing.huy.installed()
    turn(closing, is_open=False)
    assert huy.refreshes(1, fresh=True).status_code == 200


def test_the_page_and_the_sentence_are_in_the_viewers_language(closing: Town) -> None:
    linh = closing.person("Nguyễn Thùy Linh").installed()
    turn(closing, is_open=False)
    page = linh.opens(7).text
    assert 'lang="vi"' in page
    assert "Tài khoản Pipedrive" in page
    assert "Tài khoản Pipedrive" in linh.refreshes(7, fresh=True).json()["commands"][0]["text"]
