"""`keys`: which encryption keys are in use, wrapping everything with the newest, and making a new one."""

import base64
import os
import re
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from marketplace_app.composition import Composition
    from marketplace_app.storage.sweep import KeyUse, Sweep, Swept

_MOST_NAMED = 20
_ID = re.compile(r"[a-z0-9-]{1,32}")
_PROGRESS_SECONDS = 2.0


def build() -> typer.Typer:
    commands = typer.Typer(help="The encryption keys: docs/operations.md has their rotation step by step.")
    for command in (status, rotate, new):
        commands.command()(command)
    return commands


def status() -> None:
    """Count what each key is needed for. Exit code 1 when a key is in use that ENCRYPTION_KEYS lacks."""
    from marketplace_app.cli.operating import FOUND, operate

    uses = operate(_status)
    _show(uses)
    if any(use.is_used and not use.is_known for use in uses):
        raise typer.Exit(FOUND)


def rotate(
    pace: Annotated[int, typer.Option(min=1, help="Companies a second, at most.")] = 500,
) -> None:
    """Wrap every company's data key with the newest key, while everything runs; can be run again at will."""
    from marketplace_app.cli.operating import FOUND, operate

    async def work(parts: "Composition") -> "tuple[Swept, list[KeyUse]]":
        sweep, progress = _sweep(parts), _Progress()
        swept = await sweep.rotate(parts.settings.encryption_keys[0].key_id, pace, progress.tell)
        return swept, await _status(parts)

    swept, uses = operate(work)
    print(f"Looked at {swept.companies} companies, wrapped {swept.wrapped} data keys anew.")
    if swept.scheduled:
        print(f"Put {swept.scheduled} installations back on the schedule of the worker's rounds.")
    problems = list(_problems(swept))
    for sentence in problems:
        print(sentence, file=sys.stderr)
    _show(uses)
    if problems or any(use.is_used and not use.is_known for use in uses):
        raise typer.Exit(FOUND)


def new(
    key_id: Annotated[
        str, typer.Argument(metavar="[ID]", help="a-z, 0-9 and dashes; default: by date.")
    ] = "",
) -> None:
    """Print a fresh key as ENCRYPTION_KEYS takes it. It is a secret: let no log or history keep it."""
    from marketplace_app.cli.operating import FOUND, stop
    from marketplace_app.clock import SystemClock

    key_id = key_id or time.strftime("k%Y%m%d", time.gmtime(SystemClock().now()))
    if not _ID.fullmatch(key_id):
        stop("A key's id has 1 to 32 of a-z, 0-9 and dashes.", FOUND)
    print(f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}")


class _Progress:
    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, swept: "Swept") -> None:
        if time.monotonic() - self._told_at > _PROGRESS_SECONDS:
            self._told_at = time.monotonic()
            print(f"... {swept.companies} companies, {swept.wrapped} wrapped anew", flush=True)


def _sweep(parts: "Composition") -> "Sweep":
    from marketplace_app.storage.sweep import Sweep

    return Sweep(parts.connection, parts.vault, parts.journal, parts.clock)


async def _status(parts: "Composition") -> "list[KeyUse]":
    return await _sweep(parts).status([key.key_id for key in parts.settings.encryption_keys])


def _problems(swept: "Swept") -> "list[str]":
    found = []
    if swept.unreadable:
        named = ", ".join(map(str, swept.unreadable[:_MOST_NAMED]))
        more = len(swept.unreadable) - _MOST_NAMED
        found.append(
            f"The data keys of {len(swept.unreadable)} companies do not open with ENCRYPTION_KEYS: {named}"
            f"{f' and {more} more' if more > 0 else ''}. Bring their encryption key back, or let them "
            "install again after `installations forget`."
        )
    if swept.unacknowledged:
        found.append(
            f"{swept.unacknowledged} data keys are wrapped and not acknowledged by as many replicas as "
            "REDIS_DURABILITY asks for: run this again before you take an old key away."
        )
    return found


def _show(uses: "list[KeyUse]") -> None:
    width = max(len(use.key_id) for use in uses)
    for use in uses:
        counts = f"wraps {use.companies} companies, seals {use.entries} entries of this machine's journal"
        print(f"{use.key_id:<{width}}  {_standing(use):<7}  {counts}{_advice(use)}")


def _standing(use: "KeyUse") -> str:
    return "newest" if use.is_newest else "old" if use.is_known else "MISSING"


def _advice(use: "KeyUse") -> str:
    if use.is_newest:
        return "."
    if not use.is_known:
        return ": ENCRYPTION_KEYS lacks it, so none of that opens. Put it back, behind the others."
    if use.is_used:
        return f": still needed by {use.companies + use.entries}."
    return ": may be removed, once every machine's `keys status` says so."
