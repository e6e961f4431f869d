"""Jobs: work that an action puts off and the worker does, at least once (docs/jobs.md)."""

from datetime import timedelta
from typing import Protocol


class JobRejected(ValueError):
    """`add` was called with what cannot be a job: its author mends that."""


class Again(Exception):
    """Raised by a job's handler that wants to be asked again later: no failure, and all attempts anew."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"again after {after}")
        self.after = after


class Jobs(Protocol):
    """Those of the extension whose handler runs, done as the user on whose behalf it runs."""

    @property
    def has_added(self) -> bool:
        """Whether something was put off, or may have been: then the handler has had an effect."""
        ...

    async def add(
        self, name: str, form: object = None, *, after: timedelta = timedelta(0), once: str = ""
    ) -> bool:
        """From here on it is done at least once, as long as the user has the app.

        `form` is what the job's handler takes. With `once`, nothing changes and the answer is False while a
        job of this name and this key, of this user, waits or runs. Raises JobRejected, NotInstalled,
        JobsFull when the company has too many, or another StorageError when Redis did not say that it has it.
        """
        ...
