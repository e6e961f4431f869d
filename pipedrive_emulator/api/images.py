"""What a picture's first bytes say: its kind and its size, for PNG, GIF and JPEG. No pixel is decoded."""

from collections.abc import Iterator
from dataclasses import dataclass

_PNG, _GIFS, _JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"\xff\xd8"
# JPEG frames that carry the size: SOF0 to SOF15, without DHT, JPG and DAC that lie among them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Image:
    """``kind`` is the ending of a name and of a media type; sizes in pixels."""

    kind: str
    width: int
    height: int


def measure(content: bytes) -> Image | None:
    """None for what is no picture of these kinds; one that is cut off has no size."""
    if content.startswith(_PNG):
        return Image("png", int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
    if content.startswith(_GIFS):
        return Image("gif", int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little"))
    if content.startswith(_JPEG):
        return next(_jpeg_frames(content), None)
    return None


def _jpeg_frames(content: bytes) -> Iterator[Image]:
    """Walk the segments; each is FF, a marker, and a length that counts itself."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - the byte that starts a segment
        marker = content[at + 1]
        if marker in _ALONE or marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004 - the same
            continue
        if marker in _FRAMES and at + 9 <= len(content):
            yield Image(
                "jpeg", int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
            )
            return
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
