"""Each kind of command once, on keys of ours that go again: a user's rights may lack one of them."""

from contextlib import suppress

from marketplace_app.errors import NotDurable
from marketplace_app.storage.connection import Connection

_SECONDS = 10


async def rehearse(connection: Connection, token: str) -> None:
    """Raises StoreUnavailable, which names the command. `token` makes the keys this rehearsal's own."""
    value, members = f"app:{{check}}:{token}:value", f"app:{{check}}:{token}:members"
    await connection.ping()
    await connection.server_time()
    await connection.set(value, b"", seconds=_SECONDS)
    await connection.get(value)
    await connection.get_many([value])
    await connection.take(value)
    await connection.add(value, b"", seconds=_SECONDS)
    with suppress(NotDurable):  # what there is to say of replicas is said in words
        await connection.run("return redis.call('GET', KEYS[1])", [value], [], durable=True)
    await connection.schedule(members, token, 0.0)
    async for _ in connection.members(members):
        pass
    await connection.unschedule(members, token)
    await connection.delete(value, members)
