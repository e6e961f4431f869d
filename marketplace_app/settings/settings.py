"""Settings of `serve` and `worker`, read once from a mapping; docs/configuration.md has each in words.

Nothing but the command line and `asgi.py` passes the environment in. Every problem is found before
one is reported, and no secret has a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from marketplace_app.errors import ConfigurationError
from marketplace_app.settings.reading import Reading
from marketplace_app.settings.values import EncryptionKey, HostPattern, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is the setting of the same name in capitals; secrets are `Secret`s."""

    environment: Literal["production", "development"]
    app_base_url: str
    pipedrive_client_id: str
    pipedrive_client_secret: tuple[Secret, ...]
    pipedrive_oauth_url: str
    pipedrive_api_hosts: tuple[HostPattern, ...]
    pipedrive_frame_ancestors: tuple[str, ...]
    surface_jwt_secrets: Mapping[str, tuple[Secret, ...]]
    redis_url: Secret
    encryption_keys: tuple[EncryptionKey, ...]
    redis_durability: int  # replicas that acknowledge a grant; 0: the server's own fsync is the promise
    spool_dir: Path
    metrics_port: int
    app_data_grace_days: int
    idle_installations: Literal["renew", "lapse"]
    extensions: str
    manifest: Path
    templates_dir: Path | None
    clock_offset_file: Path | None
    fault_points: Path | None

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> "Settings":
        """Raises ConfigurationError with one sentence per problem."""
        return _made_from(Reading(mapping))

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def locales(self) -> Path | None:
        """The catalogues of an app with templates of its own."""
        return self.templates_dir / "locales" if self.templates_dir else None

    def company_url(self, domain: str) -> str:
        """The origin of a company's Pipedrive in a browser; empty for a domain that is no host label."""
        patterns = (pattern for pattern in self.pipedrive_api_hosts if pattern.any_label)
        return next((p.origin(domain) for p in patterns if p.allows(p.origin(domain))), "")

    def secrets_of(self, surface: str) -> tuple[Secret, ...]:
        """A surface without a secret of its own is signed with the client secret, as in Pipedrive."""
        return self.surface_jwt_secrets.get(surface) or self.pipedrive_client_secret


_OURS = "marketplace_app.extensions:EXTENSIONS"
NAMES = tuple(f.name.upper() for f in fields(Settings))


def extensions_named(mapping: Mapping[str, str]) -> str:
    """EXTENSIONS alone, for what needs no other setting."""
    return Reading(mapping).text("EXTENSIONS", _OURS)


def _made_from(reading: Reading) -> Settings:
    reading.check_environment()
    made = Settings(
        environment="development" if reading.development else "production",
        app_base_url=reading.url("APP_BASE_URL"),
        pipedrive_client_id=reading.text("PIPEDRIVE_CLIENT_ID"),
        pipedrive_client_secret=reading.secrets(
            "PIPEDRIVE_CLIENT_SECRET", reading.text("PIPEDRIVE_CLIENT_SECRET")
        ),
        pipedrive_oauth_url=reading.url("PIPEDRIVE_OAUTH_URL", "https://oauth.pipedrive.com"),
        pipedrive_api_hosts=reading.hosts("PIPEDRIVE_API_HOSTS", "*.pipedrive.com"),
        pipedrive_frame_ancestors=reading.ancestors("PIPEDRIVE_FRAME_ANCESTORS", "https://*.pipedrive.com"),
        surface_jwt_secrets=reading.surface_secrets("SURFACE_JWT_SECRETS"),
        redis_url=reading.redis("REDIS_URL"),
        encryption_keys=reading.keys("ENCRYPTION_KEYS"),
        redis_durability=reading.durability("REDIS_DURABILITY"),
        spool_dir=Path(reading.text("SPOOL_DIR")),
        metrics_port=reading.port("METRICS_PORT"),
        app_data_grace_days=reading.days("APP_DATA_GRACE_DAYS", 30),
        idle_installations="lapse"
        if reading.choice("IDLE_INSTALLATIONS", ("renew", "lapse")) == "lapse"
        else "renew",
        extensions=reading.text("EXTENSIONS", _OURS),
        manifest=Path(reading.text("MANIFEST", str(Path(__file__).parents[2] / "manifest.json"))),
        templates_dir=reading.optional("TEMPLATES_DIR", Path),
        clock_offset_file=reading.development_only("CLOCK_OFFSET_FILE", Path),
        fault_points=reading.development_only("FAULT_POINTS", Path),
    )
    if reading.problems:
        raise ConfigurationError(reading.problems)
    return made
