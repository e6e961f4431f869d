"""Runs a command that ends with the process which asked for it, even when that one is killed with -9.

`python -I -S tether.py PARENT_PID COMMAND...`: on Linux the kernel sends SIGTERM to the command when its
parent dies (prctl(2), PR_SET_PDEATHSIG survives execve); elsewhere the command just runs, and the next
start stops what is left over.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel knew
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - the point is to become the command


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
