"""One API call, authenticated and parsed, on its way through the engine; and what comes back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.clock import rfc3339, v1_time
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.events import Marks
from pipedrive_emulator.world.records import Change, Records
from pipedrive_emulator.world.world import World


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body; ``name`` is empty when the part had no filename."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later: ``name`` is a key of catalogue.JOBS, ``facts`` are JSON; ``delay_seconds`` from now."""

    name: str
    delay_seconds: float
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """``query`` holds parsed values, ``body`` the raw JSON or the fields of a form; ``now`` is epoch seconds.

    ``client_id`` is the app behind the token, None for an API token and for Pipedrive's own pages.
    ``marks`` and ``jobs`` are what a handler leaves behind besides its writes. ``origin`` is this server.
    """

    operation: Operation
    world: World
    company: Company
    user: User
    switches: Switches
    now: float
    variables: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    files: Mapping[str, Upload] = field(default_factory=dict)
    client_id: str | None = None
    origin: str = ""
    marks: Marks = field(default_factory=Marks)
    jobs: list[Job] = field(default_factory=list)
    user_changes: list[Change] = field(default_factory=list)

    @property
    def records(self) -> Records:
        """The caller's company's records; no other company's can be reached from here."""
        return self.world.records(self.company.id)

    @property
    def time(self) -> str:
        """Now, in API v2's form."""
        return rfc3339(self.now)

    @property
    def v1_time(self) -> str:
        return v1_time(self.now)

    def colleague(self, user_id: Any) -> User | None:
        """A user of the caller's own company."""
        user = self.world.user(user_id) if isinstance(user_id, int) else None
        return user if user is not None and user.company_id == self.company.id else None

    def colleagues(self) -> list[User]:
        return self.world.users(self.company.id)

    def put_user(self, user: User) -> None:
        """Add a colleague or replace one; told to webhooks like the write of a record."""
        before = self.world.user(user.id)
        if before is None:
            self.world.add_user(user)
        else:
            self.world.change_user(user)
        self.user_changes.append(Change("users", user.id, asdict(before) if before else None, asdict(user)))


@dataclass(frozen=True, slots=True)
class Content:
    """An answer that is no JSON: a file, or with ``location`` a redirect to where it lies."""

    media_type: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """``extra`` are further keys of the envelope; ``status`` None means the documented one.

    ``has_data`` False: the envelope goes without ``data``, as a few do.
    """

    data: Any
    additional_data: Mapping[str, Any] | None = None
    related_objects: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    has_data: bool = True

    def envelope(self) -> dict[str, Any]:
        """https://pipedrive.readme.io/docs/core-api-concepts-responses."""
        body: dict[str, Any] = {"success": True} | ({"data": self.data} if self.has_data else {})
        if self.additional_data is not None:
            body["additional_data"] = dict(self.additional_data)
        if self.related_objects is not None:
            body["related_objects"] = dict(self.related_objects)
        return body | dict(self.extra)
