"""Times of API v1, made of those that records keep in API v2's form."""


def v1_form(moment: str | None) -> str | None:
    """``2026-11-23T21:40:00Z`` becomes ``2026-11-23 21:40:00``; both are UTC."""
    return None if moment is None else moment[:19].replace("T", " ")


def with_milliseconds(moment: str | None) -> str | None:
    """Leads and their labels tell ``2026-11-23T21:40:00.000Z``."""
    return None if moment is None else moment.replace("Z", ".000Z")
