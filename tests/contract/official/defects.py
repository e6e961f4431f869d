"""Where the types of the client say something else than its API, and what is excused from the measure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeDefect:
    """``methods`` is a regular expression for ``v1 LeadsApi.addLead``, ``trail`` one for ``data.value``."""

    methods: str
    trail: str
    reason: str

    def fits(self, method: str, trail: str) -> bool:
        return re.fullmatch(self.methods, method) is not None and re.fullmatch(self.trail, trail) is not None


TYPE_DEFECTS = (
    TypeDefect(
        "v1 FilesApi.downloadFile", "", "typed as text, but the client itself asks for an array of bytes"
    ),
    TypeDefect(
        "v1 DealsApi.get(Archived)?DealsTimeline",
        "data",
        "typed as one group, described as one for each interval",
    ),
    TypeDefect("v1 RecentsApi.getRecents", r"data\.(item|data\..*)", "typed as users alone, of twelve kinds"),
    TypeDefect(
        "v2 ProductsApi.searchProducts", r"data.items.item.code", "typed as a number, but codes are text"
    ),
    TypeDefect(
        "v2 DealsApi.deleteAdditionalDiscount", "data.id", "typed as a number, but discounts have UUIDs"
    ),
)

# Methods that the emulator does not answer as Pipedrive would, with the reason: exactly these.
EXCEPTIONS: dict[str, str] = {}


def is_defect(method: str, trail: str) -> bool:
    """Whether a value that does not fit its type is the type's fault."""
    return any(defect.fits(method, trail) for defect in TYPE_DEFECTS)
