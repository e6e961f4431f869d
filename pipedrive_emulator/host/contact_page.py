"""The detail views of a person and of an organization: the deal's view with less in it."""

from collections.abc import Mapping

from pipedrive_emulator.host.as_user import AsUser, Record
from pipedrive_emulator.host.blocks import deals_block, organization_block, people_block, person_block
from pipedrive_emulator.host.detail import Detail
from pipedrive_emulator.host.timeline import Event, focus, history, notes_and_files
from pipedrive_emulator.host.wording import Wording


def person_detail(api: AsUser, wording: Wording, names: Mapping[int, str], person_id: int) -> Detail:
    """Raises Refused when the person is not there or not for this user's eyes."""
    person = api.one("persons", person_id)
    organization = api.maybe("organizations", person.get("org_id"))
    activities = api.many("activities", person_id=str(person_id))
    deals = api.many("deals", person_id=str(person_id))
    events = [_created(person, "person"), *_written(api, "person_id", person_id, names)]
    blocks = [person_block(person), deals_block(deals, wording)]
    if organization:
        blocks.insert(1, organization_block(organization))
    return Detail(
        kind="person",
        id=person_id,
        title=person["name"],
        owner=names.get(person["owner_id"], ""),
        organization=organization,
        blocks=tuple(blocks),
        focus=tuple(focus(activities, wording, names)),
        history=tuple(history(activities, events, wording, names)),
        prefill={"person": person_id},
    )


def organization_detail(
    api: AsUser, wording: Wording, names: Mapping[int, str], organization_id: int
) -> Detail:
    """Raises Refused when the organization is not there or not for this user's eyes."""
    organization = api.one("organizations", organization_id)
    key = {"org_id": str(organization_id)}
    activities = api.many("activities", **key)
    events = [_created(organization, "organization"), *_written(api, "org_id", organization_id, names)]
    blocks = (
        organization_block(organization),
        people_block("People", api.many("persons", **key)),
        deals_block(api.many("deals", **key), wording),
    )
    return Detail(
        kind="organization",
        id=organization_id,
        title=organization["name"],
        owner=names.get(organization["owner_id"], ""),
        blocks=blocks,
        focus=tuple(focus(activities, wording, names)),
        history=tuple(history(activities, events, wording, names)),
        prefill={"organization": organization_id},
    )


def _written(api: AsUser, key: str, record_id: int, names: Mapping[int, str]) -> list[Event]:
    """The notes and files of a person (``person_id``) or an organization (``org_id``)."""
    entity = "persons" if key == "person_id" else "organizations"
    notes, files = api.v1("notes", **{key: str(record_id)}), api.v1(f"{entity}/{record_id}/files")
    return notes_and_files(notes, files, names)


def _created(record: Record, kind: str) -> Event:
    return Event(record["add_time"], kind, f"{kind.capitalize()} created")
