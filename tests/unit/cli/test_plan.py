import json
import stat
from pathlib import Path

import pytest

from marketplace_app.cli.local.identity import Identity
from marketplace_app.cli.local.plan import Plan
from marketplace_app.settings import Settings


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(folder=tmp_path / "demo", app_port=8000, emulator_port=8100)


def test_the_settings_it_makes_are_accepted(plan: Plan) -> None:
    identity = Identity.make().with_surfaces(plan.surface_secret_names())
    settings = Settings.from_mapping(plan.app_environment(identity, "unix:///run/valkey.sock"))
    assert settings.app_base_url == "http://127.0.0.1:8000"
    assert set(settings.surface_jwt_secrets) == plan.surface_secret_names()


def test_settings_of_the_surroundings_do_not_leak_in(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_PORT", "9")
    monkeypatch.setenv("EXTENSIONS", "somewhere:ELSE")
    environment = plan.app_environment(Identity.make(), "unix:///run/valkey.sock")
    assert not {"METRICS_PORT", "EXTENSIONS"} & environment.keys()


def test_the_registration_is_private(plan: Plan) -> None:
    file = plan.write_registration(Identity.make())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["base_url"] == "http://127.0.0.1:8000"


def test_forgetting_leaves_what_is_not_ours(plan: Plan) -> None:
    plan.write_registration(Identity.make())
    (plan.folder / "valkey").mkdir()
    kept = plan.folder / "letter.txt"
    kept.touch()
    plan.forget()
    assert list(plan.folder.iterdir()) == [kept]
