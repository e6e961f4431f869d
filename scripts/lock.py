"""`make lock`: hashed locks for pip and npm, without the address of any index."""

import subprocess
import sys
from pathlib import Path

from scripts.check_locks import EXTRAS
from scripts.check_locks import main as check
from scripts.steps import run

OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
]


def main() -> int:
    try:
        _lock_python()
        run("Lock of npm", ["npm", "install", "--package-lock-only", "--ignore-scripts"])
    except subprocess.CalledProcessError as failure:
        print(f"The locks were not all made: {str(failure.output).strip()}", file=sys.stderr)
        return 1
    return check()


def _lock_python() -> None:
    """The lock of dev first; the others, parts of it, then take the same versions."""
    uv = Path(sys.executable).parent / "uv"
    for kind in EXTRAS:
        extras = [f"--extra={extra}" for extra in EXTRAS[kind]]
        constraint = ["--constraint", "requirements/dev.txt"] if kind != "dev" else []
        target = ["--output-file", f"requirements/{kind}.txt"]
        command = [
            str(uv),
            "pip",
            "compile",
            "--quiet",
            *OPTIONS,
            *extras,
            *constraint,
            *target,
            "pyproject.toml",
        ]
        run(f"Lock of {kind}", command)


if __name__ == "__main__":
    sys.exit(main())
