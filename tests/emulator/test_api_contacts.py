"""Persons and organizations: pictures, relationships, contact sync, Campaigns, counts, labels, visibility."""

import struct
from typing import Any

import pytest

from pipedrive_emulator.api.images import Image, measure
from tests.emulator.client import ACME, JACK, LINH, MARTA, VICTOR, ApiAs, Client
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    """An admin of Acme with her own token: no app asks for every scope of these pages."""
    return direct(emulator, MARTA)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x06\x00\x00\x00"


def jpeg(width: int, height: int) -> bytes:
    comment = b"\xff\xfe" + struct.pack(">H", 6) + b"note"
    return (
        b"\xff\xd8"
        + comment
        + b"\xff\xff\xc2"
        + struct.pack(">HBHHB", 11, 8, height, width, 1)
        + b"\x01\x11\x00"
    )


PICTURES = [
    (png(200, 300), Image("png", 200, 300)),
    (b"GIF89a" + struct.pack("<HH", 130, 140), Image("gif", 130, 140)),
    (jpeg(640, 480), Image("jpeg", 640, 480)),
    (jpeg(640, 480)[:9], None),
    (b"\xff\xd8\xff\xe0\x00\x00\x00", None),
    (b"<svg/>", None),
    (b"", None),
]


@pytest.mark.parametrize(("content", "image"), PICTURES, ids=range(len(PICTURES)))
def test_a_picture_is_known_by_its_first_bytes(content: bytes, image: Image | None) -> None:
    assert measure(content) == image


def send(api: ApiAs, person: int, content: bytes, **crop: int) -> Any:
    path = f"/api/v1/persons/{person}/picture"
    data = {name: str(value) for name, value in crop.items()}
    return api.request("POST", path, files={"file": ("p.png", content, "image/png")}, data=data)


def test_a_picture_is_kept_served_to_anyone_replaced_and_deleted(marta: ApiAs) -> None:
    first = send(marta, 1, png(128, 128)).json()["data"]
    assert (first["item_type"], first["item_id"], first["added_by_user_id"]) == ("person", 1, MARTA)
    assert marta.get("/api/v2/persons/1")["picture_id"] == first["id"]
    second = send(marta, 1, png(512, 512)).json()["data"]
    shown = marta.get("/api/v2/persons/1/picture")
    assert shown["pictures"] == second["pictures"]
    assert shown["file_size"] == len(png(512, 512))
    for address in second["pictures"].values():
        assert marta.emulator.http.get(address).content == png(512, 512)
    assert marta.emulator.http.get(first["pictures"]["128"]).status_code == 404
    assert marta.write("DELETE", "/api/v1/persons/1/picture") == {"id": second["id"]}
    marta.refused("GET", "/api/v2/persons/1/picture", 404)
    assert marta.emulator.http.get(second["pictures"]["512"]).status_code == 404


BAD_PICTURES: list[tuple[bytes, dict[str, int]]] = [
    (png(127, 127), {}),
    (png(200, 300), {}),
    (png(200, 300), {"crop_width": 200}),
    (png(200, 200), {"crop_x": 100, "crop_width": 128, "crop_height": 128}),
    (png(200, 200), {"crop_x": -1, "crop_width": 128, "crop_height": 128}),
    (b"no picture", {}),
]


@pytest.mark.parametrize(("content", "crop"), BAD_PICTURES, ids=range(len(BAD_PICTURES)))
def test_a_picture_must_be_square_and_not_too_small(
    marta: ApiAs, content: bytes, crop: dict[str, int]
) -> None:
    assert send(marta, 1, content, **crop).status_code == 400
    assert marta.get("/api/v2/persons/1")["picture_id"] is None


def test_a_square_part_of_a_picture_will_do(marta: ApiAs) -> None:
    assert send(marta, 1, png(200, 300), crop_y=50, crop_width=200, crop_height=200).status_code == 200


def relate(api: ApiAs, kind: str, owner: int, linked: int) -> Any:
    body = {"type": kind, "rel_owner_org_id": owner, "rel_linked_org_id": linked}
    return api.request("POST", "/api/v1/organizationRelationships", json=body)


def test_a_relationship_is_told_from_the_side_that_asks(marta: ApiAs) -> None:
    row = relate(marta, "parent", 2, 3).json()["data"]
    path = f"/api/v1/organizationRelationships/{row['id']}"
    assert (row["rel_owner_org_id"]["value"], row["rel_linked_org_id"]["value"]) == (2, 3)

    def told(org_id: int) -> tuple[str, int]:
        shown = marta.get(path, org_id=org_id)
        assert shown["id"] in [row["id"] for row in marta.get(path.rpartition("/")[0], org_id=org_id)]
        return shown["calculated_type"], shown["calculated_related_org_id"]

    assert (told(2), told(3)) == (("daughter", 3), ("parent", 2))
    marta.write("PUT", path, type="related")
    assert (told(2), told(3)) == (("related", 3), ("related", 2))
    marta.refused("GET", path, 400, params={"org_id": 4})
    marta.write("DELETE", path)
    marta.refused("GET", path, 404)


def test_a_relationship_takes_two_that_are_seen_and_not_related_yet(marta: ApiAs) -> None:
    assert relate(marta, "parent", 2, 3).status_code == 200
    for kind, owner, linked in (("related", 2, 3), ("parent", 3, 2), ("parent", 4, 4), ("parent", 4, 999)):
        assert relate(marta, kind, owner, linked).status_code == 400
    assert relate(marta, "sister", 4, 7).status_code == 400
    marta.refused("GET", "/api/v1/organizationRelationships", 400)
    marta.refused("GET", "/api/v1/organizationRelationships", 404, params={"org_id": 999})
    victor = direct(marta.emulator, VICTOR)
    assert relate(victor, "related", 7, 2).status_code == 400


def test_contact_sync_brings_its_keys_along(marta: ApiAs) -> None:
    body = {"job_title": "Buyer", "im": [{"value": "lan"}], "postal_address": {"value": "12 Nguyễn Huệ"}}
    assert "job_title" not in marta.get("/api/v2/persons/1")
    marta.refused("PATCH", "/api/v2/persons/1", 403, json=body)
    marta.emulator.turn(contact_sync="on")
    person = marta.write("PATCH", "/api/v2/persons/1", **body)
    assert (person["job_title"], person["notes"], person["birthday"]) == ("Buyer", None, None)
    assert person["im"] == [{"value": "lan", "primary": True, "label": "other"}]
    assert person["postal_address"]["country"] is None
    assert marta.get("/api/v2/persons/2")["im"] == []


def test_marketing_status_changes_once_and_needs_an_email(marta: ApiAs) -> None:
    def status(person: int, **body: Any) -> Any:
        marta.write("PATCH", f"/api/v2/persons/{person}", **body)
        shown = marta.get(f"/api/v2/persons/{person}", include_fields="marketing_status")
        return shown["marketing_status"]

    assert status(1, marketing_status="no_consent") == "no_consent"
    assert status(1, marketing_status="subscribed") == "subscribed"
    assert status(1, marketing_status="archived") == "subscribed"
    assert status(3, marketing_status="subscribed") == "no_consent"
    marta.emulator.turn(campaigns="off")
    marta.refused("PATCH", "/api/v2/persons/2", 403, json={"marketing_status": "subscribed"})
    assert status(1) is None


def test_labels_are_told_by_name_on_request(marta: ApiAs) -> None:
    labels = marta.get("/api/v2/deals/1", include_labels="true")["labels"]
    assert [row["id"] for row in labels] == marta.get("/api/v2/deals/1")["label_ids"]
    assert all(row["label"] for row in labels)
    assert "labels" not in marta.get("/api/v2/deals/1")


COUNTS = {
    "open_deals_count": 1,
    "won_deals_count": 1,
    "closed_deals_count": 1,
    "lost_deals_count": 0,
    "participant_open_deals_count": 1,
    "related_open_deals_count": 1,
    "activities_count": 2,
    "done_activities_count": 1,
    "undone_activities_count": 1,
    "notes_count": 1,
    "followers_count": 1,
}


def test_a_person_counts_what_is_there(marta: ApiAs) -> None:
    org = marta.write("POST", "/api/v2/organizations", name="O")["id"]
    person = marta.write("POST", "/api/v2/persons", name="P", org_id=org)["id"]
    other = marta.write("POST", "/api/v2/deals", title="other", org_id=org)["id"]
    own = marta.write("POST", "/api/v2/deals", title="open", org_id=org)["id"]
    marta.write("POST", f"/api/v1/deals/{own}/participants", person_id=person)
    marta.write("PATCH", f"/api/v2/deals/{own}", person_id=person)
    marta.write("POST", "/api/v2/deals", title="won", person_id=person, status="won")
    gone = marta.write("POST", "/api/v2/deals", title="gone", person_id=person)["id"]
    marta.write("DELETE", f"/api/v2/deals/{gone}")
    marta.write("POST", f"/api/v1/deals/{other}/participants", person_id=person)
    for done in (True, False):
        guests = [{"person_id": person}]
        marta.write("POST", "/api/v2/activities", subject="S", done=done, participants=guests)
    marta.write("POST", "/api/v1/notes", content="x", person_id=person)
    marta.request("POST", f"/api/v2/persons/{person}/followers", json={"user_id": JACK})
    shown = marta.get(f"/api/v2/persons/{person}", include_fields=",".join(COUNTS))
    assert {name: shown[name] for name in COUNTS} == COUNTS
    firm = marta.get(f"/api/v2/organizations/{org}", include_fields="people_count,open_deals_count")
    assert (firm["people_count"], firm["open_deals_count"]) == (1, 2)


def test_related_deals_of_an_organization_are_its_relatives(marta: ApiAs) -> None:
    one, two = (marta.write("POST", "/api/v2/organizations", name=name)["id"] for name in "AB")
    marta.write("POST", "/api/v2/deals", title="D", org_id=two)
    names = "related_open_deals_count"
    assert marta.get(f"/api/v2/organizations/{one}", include_fields=names)[names] == 0
    relate(marta, "related", two, one)
    assert marta.get(f"/api/v2/organizations/{one}", include_fields=names)[names] == 1


def test_a_role_decides_who_sees_what_its_users_create(marta: ApiAs) -> None:
    linh = direct(marta.emulator, LINH)
    body = {"setting_key": "person_default_visibility", "value": 7}
    assert marta.request("POST", "/api/v1/roles/1/settings", json=body).status_code == 200
    assert linh.write("POST", "/api/v2/persons", name="P")["visible_to"] == 7
    assert linh.write("POST", "/api/v2/persons", name="P", visible_to=1)["visible_to"] == 1
    assert linh.write("POST", "/api/v2/organizations", name="O")["visible_to"] == 3


def test_groups_and_their_subgroups_see_by_visible_to(client: Client, marta: ApiAs) -> None:
    """Victor stands in another group than Linh and Jack."""
    linh, victor, jack = (client.as_user(user) for user in (LINH, VICTOR, JACK))

    def seen(visible_to: int) -> tuple[bool, bool]:
        person = linh.write("POST", "/api/v2/persons", name="P", visible_to=visible_to)["id"]
        path = f"/api/v2/persons/{person}"
        return tuple(api.request("GET", path).status_code == 200 for api in (jack, victor))  # type: ignore[return-value] # two users

    assert [seen(level) for level in (1, 3, 7)] == [(False, False), (True, False), (True, True)]
    marta.emulator.control(f"users/{JACK}", {"visibility_group": 3})
    assert [seen(level) for level in (3, 5)] == [(False, False), (False, False)]
    marta.emulator.control(f"users/{LINH}", {"visibility_group": 2})
    assert [seen(level) for level in (3, 5)] == [(False, True), (True, True)]
    marta.emulator.control(f"users/{LINH}", {"visibility_group": 3})
    assert [seen(level) for level in (3, 5)] == [(True, False), (True, False)]
    marta.emulator.control(f"users/{LINH}", {"visibility_group": 1})
    marta.emulator.control(f"users/{JACK}", {"visibility_group": 1})
    marta.emulator.control(f"companies/{ACME}", {"plan": "Growth"})
    assert [seen(level) for level in (1, 3)] == [(False, False), (True, True)]
