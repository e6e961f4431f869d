"""Gets the tests of storage a Redis beside the wheel's Valkey: the one on PATH, else Debian's."""

import os
import shutil
import sys
from pathlib import Path

from scripts.debian import installed
from scripts.steps import ROOT

LINK = ROOT / ".cache" / "servers" / "redis-server"
# Debian's server is a program of its tools under another name; its package would start a service as well.
PACKAGE, PROGRAM = "redis-tools", "redis-check-rdb"


def main() -> int:
    if not (find() or installed_from_debian(is_root=os.geteuid() == 0)):
        print(
            "No redis-server is on PATH and none could be installed (Debian: apt-get install redis-tools): "
            "the tests of storage run on Valkey alone."
        )
    return 0


def find() -> Path | None:
    found = shutil.which("redis-server") or (LINK if LINK.exists() else None)
    return Path(found) if found else None


def installed_from_debian(link: Path = LINK, *, is_root: bool) -> bool:
    if not shutil.which(PROGRAM):
        installed("Redis from Debian", PACKAGE, is_root=is_root)
    program = shutil.which(PROGRAM)
    if not program:
        return False
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(program)
    return True


if __name__ == "__main__":
    sys.exit(main())
