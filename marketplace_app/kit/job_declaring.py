"""How a job is declared, beside the actions that add it.

@extension.job("send-reminder")
async def send(context: JobContext, form: Reminder) -> None: ...
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from marketplace_app.errors import ConfigurationError, FormRejected
from marketplace_app.kit.declaring import Declares
from marketplace_app.kit.forms import form_of
from marketplace_app.kit.jobs import JobRejected
from marketplace_app.kit.means import Means

MOST_BYTES = 16 * 1024
JobFunction = TypeVar("JobFunction", bound=Callable[..., Awaitable[None]])


@dataclass(frozen=True, slots=True)
class JobContext(Means):
    """For the handler of a job. `viewer` is the user who added it, as the app knows that user now.

    `attempt` is 1 at first; `id` is the same in each attempt.
    """

    id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Job:
    """`form` is the dataclass of the handler's second argument, None when it takes none."""

    extension: str
    name: str
    handler: Callable[..., Awaitable[None]]
    form: type[Any] | None

    def encode(self, form: object) -> bytes:
        """As it lies until it is done. Raises JobRejected."""
        if type(form) is not (self.form or type(None)):
            wanted = self.form.__name__ if self.form else "no form"
            raise JobRejected(f"{self._said} takes {wanted}, and was given {type(form).__name__}")
        try:
            octets = msgspec.json.encode(form)
            self._read(octets)
        except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
            raise JobRejected(f"{self._said} could not read its form again: {error}") from None
        if len(octets) > MOST_BYTES:
            raise JobRejected(
                f"{self._said} was given {len(octets)} bytes; a job takes {MOST_BYTES}: keep an id, and read "
                "the rest when it is done"
            )
        return octets

    async def run(self, context: JobContext, octets: bytes) -> None:
        """Raises FormRejected when the form was written by another version that had other fields."""
        if self.form is None:
            return await self.handler(context)
        try:
            form = self._read(octets)
        except (ValueError, msgspec.MsgspecError):
            raise FormRejected(f"{self._said} has a form that it does not take any more") from None
        return await self.handler(context, form)

    def _read(self, octets: bytes) -> Any:
        return msgspec.json.decode(octets, type=self.form or type(None))

    @property
    def _said(self) -> str:
        return f"extension {self.extension}: the job {self.name}"


class DeclaresJobs(Declares):
    """An extension, or messaging."""

    jobs: dict[str, Job]

    def job(self, name: str) -> Callable[[JobFunction], JobFunction]:
        """What `context.jobs.add(name, ...)` puts off. The handler may take a form, a dataclass."""

        def register(handler: JobFunction) -> JobFunction:
            self._refuse_when_frozen()
            if name in self.jobs:
                raise ConfigurationError([f"extension {self.name} has two jobs named {name}"])
            form = form_of(self.name, f"job {name}", handler)
            self.jobs[name] = Job(self.name, name, handler, form)
            return handler

        return register


class _Declares(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def jobs(self) -> Mapping[str, Job]: ...


@dataclass(frozen=True, slots=True)
class DeclaredJobs:
    """All of an app, by the name of who declares them and their own."""

    by_name: Mapping[tuple[str, str], Job]

    @classmethod
    def of(cls, declared: Sequence[_Declares]) -> "DeclaredJobs":
        """Raises ConfigurationError when two that have the same name declare one."""
        found: dict[tuple[str, str], Job] = {}
        for each in declared:
            for name, job in each.jobs.items():
                if (each.name, name) in found:
                    raise ConfigurationError([f"two extensions named {each.name} have a job named {name}"])
                found[each.name, name] = job
        return cls(found)

    def find(self, extension: str, name: str) -> Job | None:
        return self.by_name.get((extension, name))

    def named(self, extension: str, name: str) -> Job:
        """Raises JobRejected with those that there are."""
        job = self.find(extension, name)
        if job is None:
            known = ", ".join(sorted(each for owner, each in self.by_name if owner == extension)) or "none"
            raise JobRejected(f"extension {extension} has no job {name}; it has: {known}")
        return job
