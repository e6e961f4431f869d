"""From the bytes of a request to the body of a call: JSON, a form, or multipart with files.

https://pipedrive.readme.io/docs/core-api-concepts-requests: v2 speaks JSON; some v1 operations take forms.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from pipedrive_emulator.api.call import Upload
from pipedrive_emulator.api.errors import invalid, refused

Body = tuple[Any, Mapping[str, Upload]]

# What is wrong with a body is told to whoever sent it.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


def read(content_type: str, body: bytes) -> Body:
    """The fields, and the files of a multipart body by the names of their parts.

    Raises:
        ApiError: 400 for what cannot be read.
    """
    if not body:
        return None, {}
    media_type, options = parse_options_header(content_type)
    if media_type == b"multipart/form-data":
        return _multipart(options.get(b"boundary", b""), body)
    if media_type == b"application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), {}
    return _json(body), {}


class _Parts:
    """Collects what the parser finds; a part with a filename, a type, or called file or data is a file."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.files: dict[str, Upload] = {}
        self._headers: dict[bytes, bytes] = {}
        self._name = b""
        self._value = b""
        self._content = bytearray()

    def begin(self) -> None:
        self._headers, self._content = {}, bytearray()
        self._name = self._value = b""

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename", b"").decode("utf-8", "replace")
        media_type = self._headers.get(b"content-type", b"").decode("latin-1")
        if filename or media_type or name in ("file", "data"):
            self.files[name] = Upload(
                filename, media_type or "application/octet-stream", bytes(self._content)
            )
        else:
            self.fields[name] = self._content.decode("utf-8", "replace")


def _multipart(boundary: bytes, body: bytes) -> Body:
    parts = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_field,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_part_data": parts.data,
                "on_part_end": parts.end,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise refused(400, f"Bad request: the multipart body cannot be read ({error}).") from None
    return parts.fields, parts.files


def _json(body: bytes) -> Any:
    """What cannot be written down again (NaN, half a surrogate pair, endless nesting) is no JSON either."""
    try:
        value = json.loads(body)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise invalid([("body", "The request body is not valid JSON")]) from None
    return value
