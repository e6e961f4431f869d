"""The commands of an operator, beside a running app."""

import subprocess
import sys

from tests.harness.secrets import secrets_in
from tests.harness.stack import Stack


def command(stack: Stack, *words: object, **changes: str) -> subprocess.CompletedProcess[str]:
    """With the settings of the running app; whatever it prints is searched for secrets."""
    env = {**stack.local.settings(), **changes}
    done = subprocess.run(
        [sys.executable, "-m", "marketplace_app", *map(str, words)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = done.stdout + done.stderr
    assert list(secrets_in(said, stack.identity)) == []
    assert "Traceback" not in said
    return done
