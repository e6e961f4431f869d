"""What a run found, and the table of it: no zero without the number that it is of."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

_HEAD = ("run", "invariant", "broken", "of n", "95 % bound")


@dataclass(frozen=True, slots=True)
class Row:
    """`broken` of `n` trials broke the invariant, such as "I2 grants lost".

    `is_figure`: a number that is reported and breaks nothing, such as losses inside a window that is allowed.
    """

    invariant: str
    broken: int
    n: int
    is_figure: bool = False

    @property
    def holds(self) -> bool:
        """Nothing broken of nothing tried proves nothing, and so does not hold."""
        return self.is_figure or (self.broken == 0 and self.n > 0)

    @property
    def bound(self) -> str:
        """No failure in n trials leaves a rate below 3/n, at 95 %."""
        if self.is_figure:
            return "figure"
        return f"< {3 / self.n:.2g}" if self.holds else "BROKEN" if self.broken else "BLIND"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rows of one run, and sentences to be printed below the table."""

    rows: Sequence[Row]
    notes: Sequence[str] = field(default=())

    @property
    def holds(self) -> bool:
        """A run without a row has looked at nothing."""
        return bool(self.rows) and all(row.holds for row in self.rows)


def merged(outcomes: Iterable[Outcome]) -> Outcome:
    """Of the shards of one run: what was tried and what broke add up."""
    rows: dict[str, Row] = {}
    notes: list[str] = []
    for outcome in outcomes:
        notes += [note for note in outcome.notes if note not in notes]
        for row in outcome.rows:
            known = rows.get(row.invariant, Row(row.invariant, 0, 0, row.is_figure))
            broken, n = known.broken + row.broken, known.n + row.n
            rows[row.invariant] = Row(row.invariant, broken, n, row.is_figure)
    return Outcome(list(rows.values()), notes)


def written(name: str, outcome: Outcome) -> str:
    """A run's name and findings as JSON, for `read`."""
    return json.dumps([name, asdict(outcome)])


def read(text: str) -> tuple[str, Outcome]:
    name, found = json.loads(text)
    return name, Outcome([Row(**row) for row in found["rows"]], found["notes"])


def lines(outcomes: Sequence[tuple[str, Outcome]]) -> list[str]:
    """The table of these runs, by name, in aligned columns."""
    cells = [_HEAD, *(_cells(name, row) for name, outcome in outcomes for row in outcome.rows)]
    cells += [
        (name, "no invariant was looked at", "", "", "BLIND") for name, found in outcomes if not found.rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    table = [" | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in cells]
    table.insert(1, "-|-".join("-" * width for width in widths))
    return table + [f"{name}: {note}" for name, outcome in outcomes for note in outcome.notes]


def _cells(name: str, row: Row) -> tuple[str, ...]:
    return name, row.invariant, f"{row.broken:,}", f"{row.n:,}", row.bound
