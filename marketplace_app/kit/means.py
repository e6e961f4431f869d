"""What every handler is given, whatever calls it: a surface, a message or a job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from marketplace_app.domain.installation import Installation
from marketplace_app.kit.channels import Channels
from marketplace_app.kit.context import AppSettings, OnBehalf
from marketplace_app.kit.jobs import Jobs
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.web.words import Words


@dataclass(frozen=True, slots=True)
class Means(OnBehalf):
    """All of it is of the user for whom the handler runs; `jobs` are those of its extension."""

    pipedrive: PipedriveClient
    words: Words
    now: datetime
    settings: AppSettings
    channels: Channels
    jobs: Jobs


MeansOf = Callable[[str, Installation], Means]  # by the extension's name
