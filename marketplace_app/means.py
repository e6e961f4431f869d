"""Where what handlers are given is put together, for both processes."""

from collections.abc import Sequence
from datetime import UTC, datetime

from marketplace_app.composition import Composition, Declared
from marketplace_app.domain.installation import Installation
from marketplace_app.jobs.adding import JobParts
from marketplace_app.kit import Viewer
from marketplace_app.kit.job_declaring import DeclaredJobs
from marketplace_app.kit.means import Means, MeansOf
from marketplace_app.messaging.channels import UsersChannels
from marketplace_app.storage.app_settings import AppSettingsStore
from marketplace_app.storage.channels import ChannelStore
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.remembering import AppSettings


def jobs_of(parts: Composition, declared: Sequence[Declared]) -> JobParts:
    """Raises ConfigurationError."""
    return JobParts.of(parts.connection, parts.vault, DeclaredJobs.of(declared), parts.clock)


def means_with(parts: Composition, jobs: JobParts) -> MeansOf:
    """`jobs` are all that the app declares."""
    settings, clock = parts.settings, parts.clock
    kept = AppSettingsStore(parts.connection, parts.vault)
    channels = ChannelStore(parts.connection, parts.vault)

    def means_of(extension: str, installation: Installation) -> Means:
        profile, principal = installation.profile, installation.principal
        url = settings.company_url(profile.company_domain) or installation.tokens.api_domain
        client = parts.installations.as_viewer(installation)
        return Means(
            viewer=Viewer(principal, profile.name, profile.company_name, url, profile.is_admin),
            words=words_of(installation),
            now=datetime.fromtimestamp(clock.now(), UTC),
            pipedrive=client,
            settings=AppSettings(kept, principal, profile.is_admin),
            channels=UsersChannels(channels, clock, installation, client),
            jobs=jobs.jobs_of(extension, installation),
        )

    return means_of
