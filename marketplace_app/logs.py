"""Structured logs on stderr, one JSON object a line.

Callers log ids, slugs and numbers. A value that may hold a token or a customer's data never reaches
a log call: errors carry sentences that are safe (errors.py), and queries are not logged at all. What any
other error says may be such a value, such as the telephone number that is no key of a dict, so only its
class and the lines that it came through are logged.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from typing import Any

import msgspec
import structlog

_MOST_FRAMES = 16


def configure(environment: str = "production") -> None:
    """Once per process, from the command line and asgi.py; `development` shows what errors say, too."""
    errors = structlog.processors.format_exc_info if environment == "development" else _by_class_and_line
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            errors,
            _as_json,
        ],
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def write_line(**facts: Any) -> None:
    """One line without the processors' detour, for what is written with every request."""
    facts["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.buffer.write(msgspec.json.encode(facts) + b"\n")
    sys.stderr.buffer.flush()


def logger(room: str) -> Any:
    """`room` says which part of the code speaks."""
    return structlog.get_logger(room=room)


def _by_class_and_line(_logger: object, _method: str, event: Any) -> Any:
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = [_told(each) for each in _with_causes(error)]
    return event


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    """The line at which it was raised first: "KeyError at talks.py:12 < routes.py:140"."""
    frames = list(walk_tb(error.__traceback__))[-_MOST_FRAMES:]
    lines = [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in reversed(frames)]
    return f"{type(error).__name__} at {' < '.join(lines)}" if lines else type(error).__name__


def _as_json(_logger: object, _method: str, event: Any) -> bytes:
    return msgspec.json.encode(event, enc_hook=str)
