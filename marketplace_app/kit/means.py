"""What every handler is given, whatever calls it: a surface, a message or a job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.kit.channels import Channels
from marketplace_app.kit.context import AppSettings, Viewer
from marketplace_app.kit.jobs import Jobs
from marketplace_app.pipedrive.budget import Budget
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.web.words import Words


@dataclass(frozen=True, slots=True)
class Means:
    """All of it is of the user for whom the handler runs; `jobs` are those of its extension."""

    viewer: Viewer
    words: Words
    now: datetime
    pipedrive: PipedriveClient
    settings: AppSettings
    channels: Channels
    jobs: Jobs

    @property
    def principal(self) -> Principal:
        return self.viewer.principal

    @property
    def budget(self) -> Budget:
        """What is left of the company's API tokens today, as far as Pipedrive has said."""
        return self.pipedrive.budget


MeansOf = Callable[[str, Installation], Means]  # by the extension's name
