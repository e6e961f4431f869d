"""Whether manifest.json and the code agree on messaging, seen at start."""

import importlib.util
import json
from collections.abc import Sequence

from marketplace_app.domain.channel import SCOPE
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.messaging import Messaging


def match_messaging(manifest: Manifest, declared: Sequence[Messaging]) -> Messaging | None:
    """The one that is declared, if any. Raises ConfigurationError with every problem."""
    problems = _problems(manifest, declared)
    if problems:
        raise ConfigurationError(problems)
    for messaging in declared:
        messaging.freeze()
    return declared[0] if declared else None


def _problems(manifest: Manifest, declared: Sequence[Messaging]) -> list[str]:
    if not declared:
        said = 'manifest.json has "messaging", which no Messaging in EXTENSIONS declares'
        return [f"{said}; declare one (docs/messaging.md), or take it out"] if manifest.messaging else []
    if len(declared) > 1:
        names = ", ".join(each.name for each in declared)
        return [f"an app has one Messaging, not {len(declared)} ({names})"]
    messaging = declared[0]
    problems = [
        f"messaging {messaging.name}: nothing handles {each}, which Pipedrive requires"
        for each in messaging.missing
    ]
    if set(manifest.messaging) != set(messaging.endpoints):
        entry = json.dumps([each.value for each in messaging.endpoints])
        problems.append(
            f'messaging {messaging.name}: manifest.json must name what is declared: "messaging": {entry}'
        )
    if SCOPE not in [scope.name for scope in manifest.scopes]:
        problems.append(f"messaging {messaging.name} needs the scope {SCOPE} in manifest.json")
    if importlib.util.find_spec("python_multipart") is None:
        problems.append(
            f"messaging {messaging.name} reads files with python-multipart, which is not installed: "
            "add it to the requirements of the app's image (docs/messaging.md)"
        )
    return problems
