"""What a stack on this machine is made of, as settings for the app and as words for the emulator."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketplace_app.cli.local.identity import Identity, write_private
from marketplace_app.cli.local.ports import LOOPBACK

CHECKOUT = Path(__file__).resolve().parents[3]
INHERITED = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV", "PYTHONHASHSEED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    folder: Path  # data, logs, secrets; everything that outlives the processes
    app_port: int
    emulator_port: int
    manifest: Path = CHECKOUT / "manifest.json"
    workers: int = 1
    server: str = "granian"
    switches: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)  # beside and above the ones made here
    keeps_world: bool = True

    @property
    def app_url(self) -> str:
        return f"http://{LOOPBACK}:{self.app_port}"

    @property
    def emulator_url(self) -> str:
        return f"http://{LOOPBACK}:{self.emulator_port}"

    def company_url(self, domain: str) -> str:
        """Where a browser finds the pages of that company."""
        return f"http://{domain}.localhost:{self.emulator_port}"

    @property
    def log_folder(self) -> Path:
        return self.folder / "logs"

    def log(self, name: str) -> Path:
        return self.log_folder / f"{name}.log"

    def forget(self) -> None:
        """Removes what earlier runs kept there, and nothing else that may lie in that folder."""
        for name in ("logs", "spool", "valkey"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for pattern in ("app.json", "secrets.json", "world.sqlite*"):
            for file in self.folder.glob(pattern):
                file.unlink()

    @property
    def install_path(self) -> str:
        return str(self._manifest()["install_path"])

    def panel(self) -> tuple[str, str] | None:
        """Name and kind of record of the first custom panel; None when the app has none."""
        for surface in self._manifest()["surfaces"]:
            if surface["kind"] == "custom_panel":
                place = surface.get("view") or surface["views"][0].partition("/")[0]
                return str(surface["name"]), str(place)
        return None

    def surface_secret_names(self) -> set[str]:
        return {surface["jwt_secret"] for surface in self._manifest()["surfaces"]}

    def _manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.manifest.read_text())
        return found

    def app_environment(self, identity: Identity, redis_url: str) -> dict[str, str]:
        """The settings of docs/configuration.md, and of the surroundings only what every program needs."""
        settings = {
            "ENVIRONMENT": "development",
            "APP_BASE_URL": self.app_url,
            "PIPEDRIVE_CLIENT_ID": identity.client_id,
            "PIPEDRIVE_CLIENT_SECRET": identity.client_secret,
            "PIPEDRIVE_OAUTH_URL": self.emulator_url,
            "PIPEDRIVE_API_HOSTS": f"{LOOPBACK}:{self.emulator_port},*.localhost:{self.emulator_port}",
            "PIPEDRIVE_FRAME_ANCESTORS": f"http://*.localhost:{self.emulator_port}",
            "SURFACE_JWT_SECRETS": ",".join(f"{k}={v}" for k, v in sorted(identity.surface_secrets.items())),
            "REDIS_URL": redis_url,
            "ENCRYPTION_KEYS": f"k1:{identity.encryption_key}",
            "SPOOL_DIR": str(self.folder / "spool"),
            "MANIFEST": str(self.manifest),
        }
        return {**inherited(), **settings, **self.settings}

    def serve_command(self) -> list[str]:
        where = ["--host", LOOPBACK, "--port", str(self.app_port)]
        how = ["--workers", str(self.workers), "--server", self.server]
        return [sys.executable, "-m", "marketplace_app", "serve", *where, *how]

    def worker_command(self) -> list[str]:
        return [sys.executable, "-m", "marketplace_app", "worker"]

    def emulator_command(self, registration: Path) -> list[str]:
        where = ["--host", LOOPBACK, "--port", str(self.emulator_port), "--app", str(registration)]
        state = ["--state", str(self.folder / "world.sqlite")] if self.keeps_world else []
        turned = [word for name, value in self.switches.items() for word in ("--set", f"{name}={value}")]
        return [sys.executable, "-m", "pipedrive_emulator", "serve", *where, *state, *turned]

    def write_registration(self, identity: Identity) -> Path:
        """The file from which the emulator knows the app, as Developer Hub would after its forms."""
        file = self.folder / "app.json"
        registration = {
            "manifest": str(self.manifest),
            "base_url": self.app_url,
            "client_id": identity.client_id,
            "client_secret": identity.client_secret,
            "surface_secrets": dict(identity.surface_secrets),
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, json.dumps(registration, indent=1))
        return file


def inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in INHERITED if name in os.environ}
