"""Records given by name: what to propose, and which record a name means."""

from pipedrive_emulator.host.as_user import AsUser
from pipedrive_emulator.host.forms.form import Option


def proposals(api: AsUser, entity: str) -> tuple[Option, ...]:
    names = sorted({str(record["name"]) for record in api.many(entity)}, key=str.casefold)
    return tuple(Option(name, name) for name in names)


def find_or_add(api: AsUser, entity: str, name: str) -> int | None:
    """The id of the record with this very name, of a new one when there is none, None without a name."""
    wanted = name.strip()
    if not wanted:
        return None
    known = next((record for record in api.many(entity) if record["name"] == wanted), None)
    record = known or api.write("POST", f"/api/v2/{entity}", {"name": wanted})
    return int(record["id"])
