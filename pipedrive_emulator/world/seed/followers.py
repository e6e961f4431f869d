"""Who follows what: owners their own deals, and a few colleagues."""

from collections.abc import Sequence

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.seed.people import ACME, HUY, JACK, LINH, LINH_SAIGON, MAI, MARTA
from pipedrive_emulator.world.seed.planter import Planter

_Row = tuple[str, int, Sequence[User]]

_ACME: Sequence[_Row] = (
    ("deals", 1, (MARTA, LINH)),
    ("deals", 4, (MARTA,)),
    ("deals", 20, (MARTA, JACK)),
    ("persons", 1, (MARTA, LINH)),
    ("persons", 4, (JACK,)),
    ("organizations", 1, (MARTA,)),
    ("organizations", 4, (LINH,)),
    ("users", JACK.id, (MARTA,)),
)
_SAIGON: Sequence[_Row] = (
    ("deals", 1, (HUY, MAI)),
    ("persons", 1, (HUY,)),
    ("organizations", 3, (LINH_SAIGON,)),
    ("users", MAI.id, (HUY,)),
)


def plant_followers(planter: Planter) -> None:
    """Followers of the company's records, and the history that says so."""
    for table, record_id, users in _ACME if planter.company.id == ACME.id else _SAIGON:
        subject = f"{table}/{record_id}"
        for days, user in enumerate(users, 10):
            about = {"table": table, "record_id": record_id, "subject": subject, "user_id": user.id}
            planter.records.add("followers", about | {"add_time": planter.time(-days)})
            said = {"action": "added", "actor_user_id": user.id, "follower_user_id": user.id}
            planter.records.add("follower_changes", said | {"time": planter.time(-days), "subject": subject})
