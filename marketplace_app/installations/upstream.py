"""The two ways to Pipedrive, the hosts that its API may have, and the scopes that manifest.json asks for."""

from dataclasses import dataclass

from marketplace_app.pipedrive.authorization import AuthorizationServer
from marketplace_app.pipedrive.transport import ApiTransport
from marketplace_app.settings import HostPattern


@dataclass(frozen=True, slots=True)
class Upstream:
    authorization: AuthorizationServer
    transport: ApiTransport
    api_hosts: tuple[HostPattern, ...]
    scopes: tuple[str, ...]

    def allows(self, api_domain: str) -> bool:
        return any(pattern.allows(api_domain) for pattern in self.api_hosts)
