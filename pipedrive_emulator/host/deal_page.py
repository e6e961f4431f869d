"""Everything that the detail view of a deal shows, read as the user who looks at it."""

from collections.abc import Mapping, Sequence

from pipedrive_emulator.host.as_user import AsUser, Record
from pipedrive_emulator.host.blocks import (
    Block,
    close_date,
    deals_block,
    details_block,
    labels_of,
    organization_block,
    people_block,
    person_block,
    row,
)
from pipedrive_emulator.host.detail import Detail
from pipedrive_emulator.host.stages import stage_bar
from pipedrive_emulator.host.timeline import Event, focus, history, notes_and_files
from pipedrive_emulator.host.wording import Wording


def deal_detail(api: AsUser, wording: Wording, names: Mapping[int, str], deal_id: int) -> Detail:
    """Raises Refused when the deal is not there or not for this user's eyes."""
    deal = api.one("deals", deal_id)
    activities = api.many("activities", deal_id=str(deal_id))
    stages = api.many("stages", pipeline_id=str(deal["pipeline_id"]))
    pipeline = api.one("pipelines", deal["pipeline_id"])
    person, organization = (
        api.maybe("persons", deal.get("person_id")),
        api.maybe("organizations", deal.get("org_id")),
    )
    return Detail(
        kind="deal",
        id=deal_id,
        title=deal["title"],
        owner=names.get(deal["owner_id"], ""),
        value=wording.money(deal.get("value"), deal.get("currency")),
        person=person,
        organization=organization,
        stages=stage_bar(deal, stages, pipeline["name"], wording),
        lost_reason=deal.get("lost_reason") or "",
        is_archived=bool(deal.get("is_archived")),
        blocks=_blocks(api, deal, person, organization, wording, names),
        focus=tuple(focus(activities, wording, names)),
        history=tuple(history(activities, _events(api, deal, stages, names), wording, names)),
        prefill={"deal": deal_id, "person": deal.get("person_id"), "organization": deal.get("org_id")},
    )


def _blocks(
    api: AsUser,
    deal: Record,
    person: Record | None,
    organization: Record | None,
    wording: Wording,
    names: Mapping[int, str],
) -> tuple[Block, ...]:
    fields = api.many("dealFields")
    blocks = [
        _summary(deal, person, organization, fields, wording),
        details_block(deal, fields, wording, names),
    ]
    if person:
        blocks.append(person_block(person))
    if organization:
        blocks.append(organization_block(organization))
    everyone = api.many("persons", deal_id=str(deal["id"]))
    others = [one for one in everyone if one["id"] != deal.get("person_id")]
    blocks.append(people_block("Participants", others))
    if organization:
        linked = [one for one in api.many("deals", org_id=str(organization["id"])) if one["id"] != deal["id"]]
        blocks.append(deals_block(linked, wording))
    return tuple(block for block in blocks if block.rows or block.links)


def _summary(
    deal: Record,
    person: Record | None,
    organization: Record | None,
    fields: Sequence[Record],
    wording: Wording,
) -> Block:
    probability = deal.get("probability")
    rows = (
        row("Value", wording.money(deal.get("value"), deal.get("currency"))),
        close_date(deal, wording),
        row("Label", *labels_of(deal, fields)),
        row("Probability", None if probability is None else f"{probability:g}%"),
        row("Person", (person or {}).get("name"), href=f"/person/{deal.get('person_id')}"),
        row("Organization", (organization or {}).get("name"), href=f"/organization/{deal.get('org_id')}"),
    )
    return Block("Summary", rows, form="deal", record=deal["id"])


def _events(api: AsUser, deal: Record, stages: Sequence[Record], names: Mapping[int, str]) -> list[Event]:
    """The milestones that the record itself remembers, and what was written and put there."""
    notes = api.v1("notes", deal_id=str(deal["id"]))
    files = api.v1(f"deals/{deal['id']}/files")
    stage = next((one["name"] for one in stages if one["id"] == deal["stage_id"]), "another stage")
    moved = deal.get("stage_change_time")
    lost = f"Deal lost: {deal['lost_reason']}" if deal.get("lost_reason") else "Deal lost"
    events = [
        Event(deal["add_time"], "deal", "Deal created"),
        Event("" if moved == deal["add_time"] else moved or "", "stage", f"Moved to {stage}"),
        Event(deal.get("won_time") or "", "won", "Deal won"),
        Event(deal.get("lost_time") or "", "lost", lost),
    ]
    return [event for event in events if event.at] + notes_and_files(notes, files, names)
