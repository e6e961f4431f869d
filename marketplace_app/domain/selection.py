"""Which record an iframe was opened for. Pipedrive does not sign this part of the query.

So a Selection is a question, never an answer: it is authorised by asking the API for the record as
the user who looks. https://pipedrive.readme.io/docs/custom-ui-extensions
"""

from dataclasses import dataclass

from marketplace_app.domain.ids import parse_id
from marketplace_app.domain.surface import View


@dataclass(frozen=True, slots=True)
class Selection:
    view: View
    record_id: int | None

    @classmethod
    def of(cls, view: View, selected_ids: str | None) -> "Selection":
        """A missing, malformed or plural `selectedIds` leaves `record_id` None."""
        return cls(view, parse_id(selected_ids) if selected_ids else None)
