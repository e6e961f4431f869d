"""Under which addresses this emulator is reached."""

from dataclasses import dataclass

from pipedrive_emulator.world.company import Company


@dataclass(frozen=True, slots=True)
class Addresses:
    """``api`` serves servers and is the ``api_domain`` of every company; pages have a host per company."""

    host: str
    port: int

    @property
    def api(self) -> str:
        return f"http://{self.host}:{self.port}"

    def company(self, company: Company) -> str:
        """Names under localhost resolve in browsers only, so servers never get this one."""
        return f"http://{company.domain}.localhost:{self.port}"
