"""What webhooks of version 1.0 say."""

import pytest

from tests.emulator.client import ACME, MARTA
from tests.emulator.hooks import Hooks
from tests.emulator.webhook_lives import LIVES

V1_LIVES = [noun for noun in LIVES if noun in "activity deal note organization person pipeline product stage"]


@pytest.mark.parametrize("noun", [*V1_LIVES, "activityType"])
def test_version_1_has_words_and_forms_of_its_own(hooks: Hooks, noun: str) -> None:
    number = hooks.subscribe(version="1.0", event_object=noun)
    life = ("v1/activityTypes", {"name": "Visit", "icon_key": "car"}, {"name": "Tour"}, "PUT")
    collection, new, changes, method = LIVES.get(noun, life)
    key = hooks.write("POST", f"/api/{collection}", **new)["id"]
    hooks.write(method, f"/api/{collection}/{key}", **changes)
    hooks.request("DELETE", f"/api/{collection}/{key}")
    added, updated, deleted = hooks.came()
    words = [f"{word}.{noun}" for word in ("added", "updated", "deleted")]
    assert [body["event"] for body in (added, updated, deleted)] == words
    assert (added["previous"], deleted["current"]) == (None, None)
    name = next(iter(changes))
    assert (updated["previous"][name], updated["current"][name]) == (new[name], changes[name])
    assert deleted["previous"][name] == changes[name]
    meta = added["meta"]
    assert (meta["v"], meta["id"], meta["company_id"], meta["user_id"]) == (1, key, ACME, MARTA)
    assert (meta["webhook_id"], meta["action"], meta["object"]) == (str(number), "added", noun)
    assert (added["v"], added["retry"], meta["timestamp"]) == (1, 0, meta["timestamp_micro"] // 1_000_000)


def test_version_1_hears_each_action_by_its_own_word_and_the_newer_one(hooks: Hooks) -> None:
    for word in ("updated", "change", "added", "merged"):
        hooks.subscribe(version="1.0", event_action=word, subscription_url=f"{hooks.app.url}/{word}")
    hooks.rename("New")
    counts = {word: len(hooks.came(f"/{word}")) for word in ("updated", "change", "added", "merged")}
    assert counts == {"updated": 1, "change": 1, "added": 0, "merged": 0}
