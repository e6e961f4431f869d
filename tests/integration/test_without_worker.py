"""The web process alone: what the worker does sooner must not need the worker."""

from pathlib import Path

from tests.integration.town import Town, running_town


def test_uninstall_ends_at_the_next_look_without_a_worker(tmp_path: Path) -> None:
    with running_town(tmp_path / "town", parts=("valkey", "emulator", "serve")) as town:
        check(town)


def check(town: Town) -> None:
    marta = town.marta.installed()
    assert 'data-state="complete"' in marta.opens(1).text
    marta.uninstalls()
    reply = marta.opens(1)
    assert reply.status_code == 200
    assert 'data-state="connect"' in reply.text
    assert "Coffee roasting" not in reply.text
