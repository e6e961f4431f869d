"""What came of a press, as surface.js would have understood it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketplace_app.testing.pages import Page

_SHOWN = ("fragment", "connect", "consent")


@dataclass(frozen=True, slots=True)
class Reply:
    """`json` is the answer as it came, `commands` what the server wants done, in order.

    `api_calls` are the ledger entries of what the app asked of Pipedrive's API for it.
    """

    status: int
    json: Mapping[str, Any]
    before: "Page"
    api_calls: tuple[Mapping[str, Any], ...] = ()

    @property
    def commands(self) -> list[dict[str, Any]]:
        return list(self.json.get("commands", ()))

    @property
    def kinds(self) -> list[str]:
        return [command["kind"] for command in self.commands]

    def command(self, kind: str) -> dict[str, Any]:
        """The first of that kind. Raises LookupError with those that there are."""
        found = next((command for command in self.commands if command["kind"] == kind), None)
        if found is None:
            raise LookupError(
                f"The reply has no command {kind!r}; it has: {', '.join(self.kinds) or 'none'}."
            )
        return found

    @property
    def snackbars(self) -> list[str]:
        """Also the one that Pipedrive shows after a JSON modal was sent."""
        shown = [command["message"] for command in self.commands if command["kind"] == "snackbar"]
        success = self.json.get("success")
        return shown + ([success["message"]] if success else [])

    @property
    def messages(self) -> list[str]:
        """Why it was refused, or what is not known about it."""
        told = [command["text"] for command in self.commands if command["kind"] == "message"]
        error = self.json.get("error")
        return told + ([error["message"]] if isinstance(error, Mapping) else [])

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong with the form, by field."""
        blocks = (self.json.get("data") or {}).get("blocks", {})
        wrong = {key: block["error"] for key, block in blocks.items() if "error" in block}
        return {**self.json.get("fields", {}), **wrong}

    @property
    def page(self) -> "Page":
        """What the surface shows now: of a Refresh, asked again; unchanged when the reply says nothing."""
        page = self.before
        for command in self.commands:
            if command["kind"] in _SHOWN:
                page = page.showing(command["html"], command["kind"])
            elif command["kind"] == "refresh":
                page = page.refresh()
        return page

    def confirm(self) -> "Reply":
        """The viewer says yes to the Confirm among the commands. Raises LookupError when nothing is asked."""
        return self._pressed(self.command("show_confirmation"), {})

    def made(self, record_id: int | str) -> "Reply":
        """The viewer made a record in the dialog that OpenModal opened: what `then` answers to its id.

        Raises LookupError when no dialog was opened, or none that is followed by an action.
        """
        return self._pressed(self.command("open_modal"), {"id": record_id})

    def _pressed(self, command: Mapping[str, Any], more: Mapping[str, Any]) -> "Reply":
        press = command.get("press")
        if press is None:
            raise LookupError(f"No action follows the {command['kind']} of this reply.")
        return self.before.send(press["action"], press["ticket"], {**press["form"], **more})
