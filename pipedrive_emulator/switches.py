"""Where Pipedrive's documents are silent or disagree, a switch decides; the first value is the default."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.store import Store
from pipedrive_emulator.switch_rows import SWITCHES

_SECTION = "switches"


class SwitchRefused(ValueError):
    """Unknown switch or value; the text lists what exists."""


class Switches:
    """The present position of every switch, where nobody turned it its preset, and without one its default.

    ``insist``: presets go before kept positions too, as a command line does.
    """

    def __init__(
        self, store: Store, presets: Mapping[str, str] | None = None, *, insist: bool = False
    ) -> None:
        self._store = store
        self._known = {switch.name: switch for switch in SWITCHES}
        defaults = {name: switch.default for name, switch in self._known.items()}
        preset, kept = self._checked(presets or {}), dict(store.load(_SECTION))
        self._positions: dict[str, str] = defaults | preset | kept | (preset if insist else {})

    def get(self, name: str) -> str:
        return self._positions[name]

    def number(self, name: str) -> int:
        return int(self._positions[name])

    def set(self, positions: Mapping[str, Any]) -> None:
        """Turn several at once; none is turned when one of them is refused."""
        checked = self._checked(positions)
        self._positions |= checked
        for name, value in checked.items():
            self._store.put(_SECTION, name, value)

    def all(self) -> dict[str, dict[str, Any]]:
        """Name -> value, allowed values, default, meaning."""
        return {
            name: {
                "value": self.get(name),
                "values": list(switch.values),
                "default": switch.default,
                "meaning": switch.meaning,
            }
            for name, switch in self._known.items()
        }

    def _checked(self, positions: Mapping[str, Any]) -> dict[str, str]:
        for name, value in positions.items():
            switch = self._known.get(name)
            if switch is None:
                raise SwitchRefused(
                    f"There is no switch {name!r}. There are: {', '.join(sorted(self._known))}."
                )
            if not switch.accepts(str(value)):
                raise SwitchRefused(f"{name} can be {' or '.join(switch.values)}, not {value!r}.")
        return {name: str(value) for name, value in positions.items()}
