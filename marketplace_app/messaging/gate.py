"""Who may ask for a channel: Pipedrive, with our credentials; and whose it is: the user's who registered it.

The credentials are the same for every company, so the channel's id alone decides. It says where its record
has to lie, and what is not there is not found: an unknown id, a changed one, one of somebody who left.
"""

from dataclasses import dataclass

from starlette.requests import Request

from marketplace_app.domain.channel import owner_of
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotInstalled
from marketplace_app.installations import Installations
from marketplace_app.settings import Settings
from marketplace_app.storage.channels import ChannelStore, KeptChannel
from marketplace_app.web.credentials import check_credentials


@dataclass(frozen=True, slots=True)
class Admitted:
    installation: Installation
    kept: KeptChannel


class ChannelGate:
    def __init__(self, settings: Settings, installations: Installations, store: ChannelStore) -> None:
        self._settings = settings
        self._installations = installations
        self._store = store

    async def admit(self, request: Request) -> Admitted:
        """Raises CredentialsRejected, NotInstalled, Disconnected; PipedriveError when nobody can know.

        Who was told to have uninstalled proves that it is not so before any handler is asked.
        """
        settings = self._settings
        check_credentials(request.headers, settings.pipedrive_client_id, settings.pipedrive_client_secret)
        channel_id = request.path_params["providerChannelId"]
        owner = owner_of(channel_id)
        if owner is None:
            raise NotInstalled("the channel's id is none of ours")
        principal = Principal(*owner)
        kept = await self._store.find(principal, channel_id)
        if kept is None:
            raise NotInstalled("there is no such channel")
        installation = await self._installations.usable(principal)
        await self._installations.prove(installation)
        return Admitted(installation, kept)
