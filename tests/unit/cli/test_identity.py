import stat
from pathlib import Path

from marketplace_app.cli.local.identity import Identity, load_or_make


def test_it_is_kept_and_private(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "secrets.json"
    made = load_or_make(file, {"deal-panel"})
    assert load_or_make(file, {"deal-panel"}) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_new_surface_gets_a_secret_and_the_others_keep_theirs(tmp_path: Path) -> None:
    before = load_or_make(tmp_path / "secrets.json", {"deal-panel"})
    after = load_or_make(tmp_path / "secrets.json", {"deal-panel", "settings"})
    assert after.surface_secrets["deal-panel"] == before.surface_secrets["deal-panel"]
    assert len(set(after.surface_secrets.values())) == 2


def test_its_repr_tells_no_secret() -> None:
    identity = Identity.make().with_surfaces({"deal-panel"})
    shown = repr(identity)
    hidden = [identity.client_secret, identity.encryption_key, *identity.surface_secrets.values()]
    assert not [secret for secret in hidden if secret in shown]
