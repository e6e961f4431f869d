"""One row of the table."""

from dataclasses import dataclass

NUMBER = ("a whole number",)


@dataclass(frozen=True, slots=True)
class Switch:
    """The first value is the default; a number has ``number_default``."""

    name: str
    values: tuple[str, ...]
    meaning: str
    number_default: str = ""

    @property
    def default(self) -> str:
        return self.number_default or self.values[0]

    def accepts(self, value: str) -> bool:
        return value.isdecimal() if self.number_default else value in self.values
