"""Structured logs on stderr, one JSON object a line.

Callers log ids, slugs and numbers. A value that may hold a token or a customer's data never reaches
a log call: errors carry sentences that are safe (errors.py), and queries are not logged at all.
"""

import sys
import time
from typing import Any

import msgspec
import structlog


def configure() -> None:
    """Once per process, from the command line and asgi.py."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
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


def _as_json(_logger: object, _method: str, event: Any) -> bytes:
    return msgspec.json.encode(event, enc_hook=str)
