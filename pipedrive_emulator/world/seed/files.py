"""Files of both companies: small, but real ones that open."""

import base64
import struct
import zlib
from typing import Any

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.file_shapes import CONTENTS, FILE, kind_of, stored_name
from pipedrive_emulator.world.seed.people import HUY, JACK, LINH, MAI, MARTA
from pipedrive_emulator.world.seed.planter import Planter

_SIDE = 32
_BROWN, _GREEN = (121, 78, 46), (38, 120, 71)


def plant_acme_files(planter: Planter) -> None:
    _plant(planter, MARTA, "Offer 2026-114.pdf", "application/pdf", pdf("Offer 2026-114"), deal_id=21)
    _plant(planter, LINH, "Mẫu gỗ.png", "image/png", png(_BROWN), deal_id=22, org_id=4)
    _plant(planter, JACK, "Water Street notes.txt", "text/plain", _NOTES, person_id=8)
    _plant(planter, MARTA, "Price list.pdf", "application/pdf", pdf("Price list"))


def plant_saigon_files(planter: Planter) -> None:
    _plant(planter, HUY, "Bao gia 120 phong.pdf", "application/pdf", pdf("Bao gia 120 phong"), deal_id=5)
    _plant(planter, MAI, "Sen Vàng.png", "image/png", png(_GREEN), org_id=2)
    _plant(planter, MAI, "Ghi chú kho.txt", "text/plain", "Kho mở cửa lúc 7 giờ.\n".encode(), person_id=3)


_NOTES = "Grace asks for two grinders.\nHọ cần hàng trước Giáng sinh.\n".encode()


def pdf(title: str) -> bytes:
    """One page with a line of text, in the standard Helvetica; ``title`` in ASCII without brackets."""
    text = f"BT /F1 24 Tf 72 760 Td ({title}) Tj ET".encode("ascii")
    fonts = b"<< /Font << /F1 5 0 R >> >>"
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    document, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return document + tail % (size, table, size, len(document))


def png(colour: tuple[int, int, int]) -> bytes:
    """A square of one colour, red, green and blue."""
    rows = (b"\0" + bytes(colour) * _SIDE) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _plant(planter: Planter, owner: User, name: str, media_type: str, content: bytes, **links: Any) -> None:
    moment = planter.time(-8)
    record = planter.add(
        "files",
        FILE,
        user_id=owner.id,
        add_time=moment,
        update_time=moment,
        file_name=stored_name(name, planter.company.domain),
        file_type=kind_of(name, media_type),
        file_size=len(content),
        remote_id=name,
        name=name,
        **links,
    )
    kept = {"content": base64.b64encode(content).decode("ascii"), "media_type": media_type}
    planter.records.put(CONTENTS, record["id"], kept)
