"""A request of the ledger as a curl line. What the ledger keeps no value of stands there in capitals."""

import shlex
from collections.abc import Mapping
from typing import Any

_WITH_BODY = ("POST", "PUT", "PATCH")


def curl_of(entry: Mapping[str, Any], api: str) -> str:
    """For calls of the API and fetches of JSON extensions, else empty; ``api`` is the API's origin."""
    match entry["kind"]:
        case "api_call":
            address, token = f"{api}{entry['path']}", '"x-api-token: $API_TOKEN"'
        case "json_request":
            address, token = str(entry["url"]), ""
        case _:
            return ""
    method = str(entry["method"])
    parts = ["curl", "-i", *(() if method == "GET" else ("-X", method)), shlex.quote(address + _query(entry))]
    parts += ["-H", token] if token else []
    if method in _WITH_BODY:
        parts += ["-H", "'Content-Type: application/json'", "-d", "'{}'"]
    return " ".join(parts)


def _query(entry: Mapping[str, Any]) -> str:
    names = entry.get("query") or ()
    return "?" + "&".join(f"{name}={str(name).upper()}" for name in names) if names else ""
