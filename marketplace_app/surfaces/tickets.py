"""Tickets for the buttons of a surface, each for one viewer, surface, subject and action."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.selection import Selection
from marketplace_app.domain.ticket import Purpose, check_ticket, issue_ticket
from marketplace_app.errors import ConfigurationError, NotInstalled
from marketplace_app.kit import Extension
from marketplace_app.kit.extension import Action
from marketplace_app.storage.vault import CompanyKey, Vault


class Issue(Protocol):
    def __call__(self, action: str, confirmed: Mapping[str, Any] | None = None, /) -> str: ...


class Tickets:
    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    async def key_of(self, principal: Principal) -> CompanyKey:
        """Raises NotInstalled when there is none any more."""
        key = await self._vault.find_key(principal.company_id)
        if key is None:
            raise NotInstalled("the company has been forgotten")
        return key

    async def issuer(self, installation: Installation, extension: Extension, selection: Selection) -> Issue:
        """Makes a ticket for an action. With `confirmed` it is good for exactly that form."""
        principal = installation.principal
        key, now = (await self.key_of(principal)).derive("tickets"), self._clock.now()

        def issue(action: str, confirmed: Mapping[str, Any] | None = None, /) -> str:
            _refuse_misuse(extension, action, confirmed)
            asked = None if confirmed is None else canonical(confirmed)
            purpose = Purpose(principal, extension.name, selection.subject, action, asked)
            return issue_ticket(purpose, key, now)

        return issue

    def check(
        self,
        ticket: str,
        principal: Principal,
        place: tuple[str, Selection],
        pressed: tuple[Action, Any],
        key: CompanyKey,
    ) -> str:
        """The ticket's nonce. Raises TicketRejected.

        `place` is a surface's name and what it was opened for, `pressed` an action and its form.
        """
        (surface, selection), (action, form) = place, pressed
        asked = canonical(form) if action.is_confirmed else None
        purpose = Purpose(principal, surface, selection.subject, action.name, asked)
        return check_ticket(ticket, purpose, key.derive("tickets"), self._clock.now())


def canonical(form: Mapping[str, Any]) -> bytes:
    """The same octets for the same form, before and after its way through the browser."""
    return msgspec.json.encode(form, order="sorted")


def _refuse_misuse(extension: Extension, name: str, confirmed: Mapping[str, Any] | None) -> None:
    action = extension.actions.get(name)
    if action is None:
        raise ConfigurationError([snippet(extension, name)])
    if action.is_confirmed and confirmed is None:
        raise ConfigurationError(
            [f"{extension.name}: {name} wants a question first: answer Confirm(..., then={name!r})"]
        )
    if confirmed is not None and not action.is_confirmed:
        wanted = f"write @extension.action({name!r}, confirmed=True), for nothing may skip a question"
        raise ConfigurationError([f"{extension.name}: {wanted}"])


def snippet(extension: Extension, action: str) -> str:
    """What its author would write to handle it."""
    function = "".join(sign if sign.isalnum() else "_" for sign in action)
    return (
        f"{extension.name} has no action {action!r}; to handle it: "
        f"@extension.action({action!r}) async def {function}(context: ActionContext) -> Replies: ..."
    )
