"""The tests of `pytest --tenancy`: one for each route and attack, on a stage that they share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError
from marketplace_app.testing.app import AppDidNotStart, AppFiles
from marketplace_app.testing.control import ControlRefused
from marketplace_app.testing.tenancy.attacks import planned
from marketplace_app.testing.tenancy.attempt import TenancyBroken
from marketplace_app.testing.tenancy.closing import after_uninstalling, everything_written, scan_would_notice
from marketplace_app.testing.tenancy.routes import load_extensions, routes_of
from marketplace_app.testing.tenancy.stage import running_stage
from marketplace_app.testing.tenancy.visits import Visits


class TheatreClosed(Exception):
    """There is nothing to try: the text says why the app or the emulator did not start."""


@dataclass(slots=True)
class Theatre:
    """Opens the stage for the first test that asks for it, and closes it once."""

    files: AppFiles
    _open: ExitStack = field(default_factory=ExitStack)
    _visits: Visits | None = None

    def visits(self) -> Visits:
        """Raises TheatreClosed."""
        if self._visits is None:
            self._visits = self._opened()
        return self._visits

    def notes(self) -> list[str]:
        """What a passed test does not show."""
        never = self._visits.never_pressed() if self._visits else []
        return [
            f"--tenancy: nobody was shown a button for {each}; its tickets were invented." for each in never
        ]

    def close(self) -> None:
        self._open.close()
        self._visits = None

    def _opened(self) -> Visits:
        folder = Path(self._open.enter_context(TemporaryDirectory(prefix="marketplace-app-")))
        try:
            visits = Visits(self._open.enter_context(running_stage(folder, self.files)))
            visits.look_around()
        except (AppDidNotStart, ControlRefused, LookupError) as problem:
            raise TheatreClosed(str(problem)) from None
        return visits


class TenancyTest(pytest.Item):
    """What one attack on one route shows; its failure is sentences, for the traceback is ours."""

    def __init__(self, *, attempt: Callable[[Visits], None], theatre: Theatre, **more: Any) -> None:
        super().__init__(**more)
        self._attempt = attempt
        self._theatre = theatre

    def runtest(self) -> None:
        try:
            self._attempt(self._theatre.visits())
        except TheatreClosed as problem:
            self.session.shouldfail = str(problem)  # the rest would say the same
            raise

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, TenancyBroken | TheatreClosed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class Tenancy(pytest.Collector):
    """Named `tenancy`: `-k tenancy` chooses these tests, and `-k "tenancy and done"` those of a button."""

    def __init__(self, *, theatre: Theatre, **more: Any) -> None:
        super().__init__(**more)
        self._theatre = theatre

    def collect(self) -> Iterator[pytest.Item]:
        """Raises pytest.UsageError when manifest.json or the extensions cannot be read."""
        files = self._theatre.files
        try:
            routes = routes_of(Manifest.load(files.manifest), load_extensions(files.extensions))
        except (ConfigurationError, LookupError) as problem:
            raise pytest.UsageError(f"--tenancy: {problem}") from None
        yield self._test("the scan would notice", scan_would_notice)
        for route, attack in planned(routes):
            yield self._test(f"{route}: {attack.name}", partial(attack.run, route))
        yield self._test("after uninstalling", after_uninstalling)
        yield self._test("everything written", everything_written)

    def _test(self, name: str, attempt: Callable[[Visits], None]) -> pytest.Item:
        found: pytest.Item = TenancyTest.from_parent(self, name=name, attempt=attempt, theatre=self._theatre)
        return found
