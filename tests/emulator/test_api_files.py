"""Files: uploaded, linked, seen by whoever sees what they hang on, and downloaded byte for byte."""

import struct
import zlib
from typing import Any

import pytest

from tests.emulator.client import HUY, JACK, LINH, MARTA, VICTOR, ApiAs, Client
from tests.emulator.process import EmulatorProcess

TEXT = "Đà Lạt, hạt rang\n".encode()
HIDDEN_DEAL = 15  # Marta's alone
BOUNDARY = "xx"
FAR = {"item_type": "deal", "item_id": "1", "remote_location": "googledrive"}


def upload(api: ApiAs, name: str = "notes.txt", content: bytes = TEXT, **links: Any) -> dict[str, Any]:
    files = {"file": (name, content, "text/plain")}
    reply = api.request("POST", "/api/v1/files", files=files, data={k: str(v) for k, v in links.items()})
    assert reply.status_code == 200, reply.text
    shown: dict[str, Any] = reply.json()["data"]
    return shown


def test_a_file_comes_back_as_it_went(marta: ApiAs) -> None:
    file = upload(marta, deal_id=1)
    assert (file["name"], file["file_type"], file["file_size"]) == ("notes.txt", "txt", len(TEXT))
    assert (file["deal_id"], file["person_id"], file["user_id"]) == (1, None, MARTA)
    assert file["deal_name"] == marta.get("/api/v2/deals/1")["title"]
    assert file["url"].endswith(f"/api/v1/files/{file['id']}/download")
    reply = marta.request("GET", f"/api/v1/files/{file['id']}/download")
    assert (reply.status_code, reply.content) == (200, TEXT)
    assert reply.headers["content-disposition"] == "attachment; filename*=UTF-8''notes.txt"


def test_a_part_without_a_filename_is_a_file_too(marta: ApiAs) -> None:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\n\r\nraw\r\n--{BOUNDARY}--\r\n'
    headers = {
        "Authorization": f"Bearer {marta.access_token}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    reply = marta.emulator.http.post("/api/v1/files", content=part.encode(), headers=headers)
    assert reply.status_code == 200, reply.text
    assert (reply.json()["data"]["name"], reply.json()["data"]["file_size"]) == ("file", 3)


def test_a_redirect_leads_to_the_bytes_without_credentials(marta: ApiAs, emulator: EmulatorProcess) -> None:
    emulator.turn(file_download="redirect")
    file = upload(marta, deal_id=1)
    reply = marta.request("GET", f"/api/v1/files/{file['id']}/download", follow_redirects=False)
    assert reply.status_code == 302
    assert emulator.http.get(reply.headers["location"]).content == TEXT
    assert emulator.http.get(reply.headers["location"] + "x").status_code == 404
    marta.write("DELETE", f"/api/v1/files/{file['id']}")
    assert emulator.http.get(reply.headers["location"]).status_code == 404


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"data": {"deal_id": "1"}}, "file is required"),
        ({"json": {"file": "text", "deal_id": 1}}, "must be sent as a file"),
        ({"files": {"file": b"x"}, "data": {"deal_id": "999"}}, "Deal 999 was not found"),
        ({"files": {"file": b"x"}, "data": {"deal_id": "one"}}, "'deal_id' must be an integer"),
        ({"files": {"file": b"x"}, "data": {"project_id": "999"}}, "Project 999 was not found"),
    ],
)
def test_bad_uploads_are_refused(marta: ApiAs, options: dict[str, Any], error: str) -> None:
    assert error in marta.refused("POST", "/api/v1/files", 400, **options)["error"]


def test_a_file_is_seen_by_whoever_sees_what_it_hangs_on(client: Client, marta: ApiAs) -> None:
    linh, victor = client.as_user(LINH), client.as_user(VICTOR)
    hidden, loose, shared = upload(marta, deal_id=HIDDEN_DEAL), upload(marta), upload(marta, deal_id=1)
    seen = {file["id"] for file in linh.get("/api/v1/files")}
    assert shared["id"] in seen
    assert not {hidden["id"], loose["id"]} & seen
    for file in (hidden, loose):
        linh.refused("GET", f"/api/v1/files/{file['id']}", 404)
        linh.refused("GET", f"/api/v1/files/{file['id']}/download", 404)
        linh.refused("DELETE", f"/api/v1/files/{file['id']}", 404)
    mine = upload(victor)
    assert marta.get(f"/api/v1/files/{mine['id']}")["user_id"] == VICTOR
    linh.refused("GET", f"/api/v1/deals/{HIDDEN_DEAL}/files", 404)
    assert client.as_user(HUY).get("/api/v1/files/1")["name"] == "Bao gia 120 phong.pdf"


def test_lists_are_sorted_and_paged_to_a_hundred(marta: ApiAs, emulator: EmulatorProcess) -> None:
    first, second = upload(marta, deal_id=1), upload(marta, deal_id=1)
    emulator.advance(60)
    marta.request("PUT", f"/api/v1/files/{first['id']}", data={"description": "Read this"})
    listed = marta.get("/api/v1/deals/1/files", sort="update_time DESC")
    assert [file["id"] for file in listed] == [first["id"], second["id"]]
    page = marta.request("GET", "/api/v1/deals/1/files", params={"limit": 1}).json()
    assert page["additional_data"]["pagination"]["next_start"] == 1
    whole = marta.request("GET", "/api/v1/files", params={"limit": 500}).json()
    assert whole["additional_data"]["pagination"]["limit"] == 100
    marta.refused("GET", "/api/v1/files", 400, params={"sort": "name ASC"})


def test_a_form_changes_the_words_of_a_file(marta: ApiAs) -> None:
    file = upload(marta, deal_id=1)
    path = f"/api/v1/files/{file['id']}"
    changed = marta.request("PUT", path, data={"name": "plan.txt", "description": "New"}).json()["data"]
    assert (changed["name"], changed["description"]) == ("plan.txt", "New")
    assert changed["file_name"] == file["file_name"]
    marta.refused("PUT", path, 400, data={"name": ""})


def test_a_deleted_file_is_out_of_lists_and_downloads(marta: ApiAs, emulator: EmulatorProcess) -> None:
    file = upload(marta, deal_id=1)
    path = f"/api/v1/files/{file['id']}"
    assert marta.write("DELETE", path) == {"id": file["id"]}
    assert marta.get(path)["active_flag"] is False
    marta.refused("GET", f"{path}/download", 404)
    marta.refused("PUT", path, 404, data={"name": "x"})
    assert marta.get("/api/v1/deals/1/files") == []
    emulator.turn(deleted_record="not_found")
    marta.refused("GET", path, 404)


def test_a_remote_file_is_a_link_into_the_drive(marta: ApiAs) -> None:
    made = marta.request(
        "POST", "/api/v1/files/remote", data={**FAR, "file_type": "gsheet", "title": "Plan"}
    ).json()["data"]
    assert (made["name"], made["file_type"], made["remote_location"]) == ("Plan", "gsheet", "googledocs")
    linked = marta.request("POST", "/api/v1/files/remoteLink", data={**FAR, "remote_id": "1abcDEF"}).json()
    assert linked["data"]["remote_id"] == "1abcDEF"
    path = f"/api/v1/files/{linked['data']['id']}/download"
    reply = marta.request("GET", path, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (302, "https://drive.google.com/open?id=1abcDEF")
    wrong = {**FAR, "remote_location": "dropbox", "remote_id": "1"}
    marta.refused("POST", "/api/v1/files/remoteLink", 400, data=wrong)
    marta.refused("POST", "/api/v1/files/remoteLink", 400, data={**FAR, "item_id": "999", "remote_id": "1"})


def test_seeded_files_open(client: Client, marta: ApiAs) -> None:
    files = {file["name"]: file for file in marta.get("/api/v1/files")}
    pdf = marta.request("GET", f"/api/v1/files/{files['Price list.pdf']['id']}/download").content
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf.startswith(b"%PDF-1.4")
    assert pdf[start:].startswith(b"xref\n0 6\n")
    for number, entry in enumerate(pdf[start:].splitlines()[3:8], 1):
        assert pdf[int(entry.split()[0]) :].startswith(b"%d 0 obj" % number)
    jack = client.as_user(JACK)
    png = jack.request("GET", f"/api/v1/files/{files['Mẫu gỗ.png']['id']}/download").content
    length = struct.unpack(">I", png[33:37])[0]
    assert png[37:41] == b"IDAT"
    assert len(zlib.decompress(png[41 : 41 + length])) == 32 * (1 + 32 * 3)
