"""Plant a world: the same one each time, its dates counted from the moment of planting."""

from pipedrive_emulator.world.seed.people import COMPANIES, USERS
from pipedrive_emulator.world.world import World

SEEDS = ("small",)


def plant(world: World, seed: str, now: float) -> None:  # noqa: ARG001 - records follow
    """Fill an empty world; ``now`` is the moment that dates are counted from, epoch seconds."""
    if seed not in SEEDS:
        raise ValueError(f"There is no seed {seed!r}. There are: {', '.join(SEEDS)}.")
    for company in COMPANIES:
        world.add_company(company)
    for user in USERS:
        world.add_user(user)
