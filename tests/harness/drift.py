"""An app whose registration in Developer Hub asks for other scopes than its users have allowed."""

import json
from collections.abc import Sequence

from tests.harness.stack import Stack


def asked_scopes(stack: Stack) -> list[str]:
    """Those of the app's own manifest.json."""
    return [scope["name"] for scope in json.loads(stack.local.plan.manifest.read_text())["scopes"]]


def ask_for(stack: Stack, scopes: Sequence[str]) -> None:
    """Pipedrive grants these from the next consent on; grants that there are stay as they are."""
    manifest = json.loads(stack.local.plan.manifest.read_text())
    manifest["scopes"] = [{"name": name, "reason": "For a test."} for name in scopes]
    file = stack.local.plan.folder / "asks-for.json"
    file.write_text(json.dumps(manifest))
    identity = stack.identity
    stack.control.register(
        {
            "manifest": str(file),
            "base_url": stack.app_url,
            "client_id": identity.client_id,
            "client_secret": identity.client_secret,
            "surface_secrets": dict(identity.surface_secrets),
        }
    )
