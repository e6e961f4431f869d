"""The table of switches, one module for each room that they decide in."""

from pipedrive_emulator.switch_rows import api, host, limits, oauth, webhooks
from pipedrive_emulator.switch_rows.switch import Switch

SWITCHES: tuple[Switch, ...] = (*oauth.ROWS, *api.ROWS, *limits.ROWS, *webhooks.ROWS, *host.ROWS)

__all__ = ["SWITCHES", "Switch"]
