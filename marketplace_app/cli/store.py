"""What there is to say of the Redis that REDIS_URL names; never the address, which may hold a password."""

import asyncio
import secrets
from dataclasses import dataclass

from marketplace_app.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class StoreReport:
    """`problem`: the app cannot run with it. `warnings`: it works, and may lose what it keeps."""

    problem: str | None = None
    warnings: tuple[str, ...] = ()


def store_problem(redis_url: str) -> str | None:
    """None when Redis answers there and lets us do all that we do, else one sentence."""
    return store_report(redis_url).problem


def store_report(redis_url: str, replicas: int = 0) -> StoreReport:
    return asyncio.run(_report(redis_url, replicas))


async def _report(redis_url: str, replicas: int) -> StoreReport:
    from marketplace_app.storage.connection import Connection
    from marketplace_app.storage.durability import durability_problems
    from marketplace_app.storage.rehearsal import rehearse

    try:
        connection = Connection(redis_url, replicas=replicas)
    except ValueError as error:
        return StoreReport(f"REDIS_URL: {error}")
    try:
        await rehearse(connection, secrets.token_hex(8))
        return StoreReport(warnings=tuple(await durability_problems(connection)))
    except StoreUnavailable as error:
        return StoreReport(f"REDIS_URL: {error}; docs/operations.md says what is needed of it")
    finally:
        await connection.close()
