"""What a picture offers to press, with texts ready; templates/extensions/_macros.html draws them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Press:
    """Asks for an action of the surface; `form` is what it sends.

    `name` is what it is called where the label alone would not say enough; it begins with the label.
    """

    kind: ClassVar[str] = "press"
    id: str
    label: str
    action: str
    form: Mapping[str, Any]
    hint: str = ""
    name: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Dialog:
    """Opens a dialog of Pipedrive's own. When that has made a record, the action `then` gets its id.

    https://pipedrive.readme.io/docs/custom-ui-extensions
    """

    kind: ClassVar[str] = "dialog"
    id: str
    label: str
    modal: Mapping[str, Any]
    then: str = ""
    hint: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Jump:
    """A link into Pipedrive: `target` moves Pipedrive itself, `href` is for a tab of its own."""

    kind: ClassVar[str] = "jump"
    id: str
    label: str
    href: str
    target: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Picker:
    """A date to pick, behind a disclosure, with ready choices beside it. Dates are ISO.

    A narrow one shows an arrow only; its label is then for those who hear it.
    """

    kind: ClassVar[str] = "picker"
    id: str
    label: str
    action: str
    form: Mapping[str, Any]
    field: str
    value: str
    least: str
    most: str
    hint: str = ""
    choices: tuple[Press, ...] = ()
    is_narrow: bool = False


Control = Press | Dialog | Jump | Picker


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of record: its path in Pipedrive's addresses, and its view in the SDK."""

    path: str
    view: str


DEAL = Place("deal", "deals")
PERSON = Place("person", "contacts")
ORGANIZATION = Place("organization", "organizations")


def jump(company_url: str, place: Place, record_id: int, label: str, *, name: str, hint: str = "") -> Jump:
    """`name` tells several links to one record apart."""
    href = f"{company_url}/{place.path}/{record_id:d}"
    target = {"view": place.view, "id": record_id}
    return Jump(f"{name}-{record_id:d}", label, href, target, hint)
