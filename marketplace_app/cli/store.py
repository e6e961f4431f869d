import asyncio

from marketplace_app.errors import StoreUnavailable


def store_problem(redis_url: str) -> str | None:
    """None when Redis answers there, else one sentence; never the address, which may hold a password."""
    return asyncio.run(_problem(redis_url))


async def _problem(redis_url: str) -> str | None:
    from marketplace_app.storage.connection import Connection

    try:
        connection = Connection(redis_url)
    except ValueError:
        return "REDIS_URL: is no address of a Redis; write redis://host:6379 or unix:///path"
    try:
        await connection.ping()
    except StoreUnavailable as error:
        return f"REDIS_URL: {error}; start it, or correct the address"
    finally:
        await connection.close()
    return None
