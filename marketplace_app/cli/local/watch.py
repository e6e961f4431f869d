"""Waiting that ends early: when somebody asks to stop, or when a process that should live has died."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from marketplace_app.cli.local.child import Child

GLANCE_SECONDS = 0.05


class StopRequested(Exception):
    """Ctrl-C, SIGTERM or SIGHUP."""


class ChildDied(Exception):
    """A process ended that should not have; its name, exit code and last lines are in the text."""

    def __init__(self, child: Child) -> None:
        super().__init__(
            f"{child.name} ended with exit code {child.exit_code}. The last lines of {child.log}:\n"
            f"{child.last_lines() or '(none)'}"
        )


class TookTooLong(Exception):
    """Something that was waited for did not come; the text says what and where to look."""


@dataclass(slots=True)
class Watch:
    children: list[Child] = field(default_factory=list)
    _asked_to_stop: bool = False

    def ask_to_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        self._asked_to_stop = True

    def listen_to_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)

    def add(self, child: Child) -> Child:
        self.children.append(child)
        return child

    def named(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def release(self, name: str) -> Child:
        """No longer expects that child to live; it is the caller's to end."""
        child = self.named(name)
        self.children.remove(child)
        return child

    def stop_all(self) -> None:
        """The last started first: whoever writes to the store ends before it."""
        while self.children:
            self.children.pop().stop()

    def check(self) -> None:
        """Raises StopRequested or ChildDied."""
        if self._asked_to_stop:
            raise StopRequested
        for child in self.children:
            if not child.is_alive:
                raise ChildDied(child)

    def until(self, is_there: Callable[[], bool], what: str, seconds: float) -> None:
        """Raises TookTooLong when `is_there` has not become true in time, and what check() raises."""
        deadline = time.monotonic() + seconds
        while not is_there():
            self.check()
            if time.monotonic() > deadline:
                logs = ", ".join(str(child.log) for child in self.children)
                raise TookTooLong(f"{what} did not come within {seconds:.0f} s; see {logs or 'above'}.")
            time.sleep(GLANCE_SECONDS)
        self.check()

    def for_ever(self, glance: Callable[[], None] = lambda: None) -> None:
        while True:
            self.check()
            glance()
            time.sleep(GLANCE_SECONDS * 2)
