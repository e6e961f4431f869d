"""Pipedrive's own forms, by the names under which OPEN_MODAL and the page's buttons ask for them."""

from pipedrive_emulator.host.forms.activity import ACTIVITY
from pipedrive_emulator.host.forms.contacts import ORGANIZATION, PERSON
from pipedrive_emulator.host.forms.deal import DEAL
from pipedrive_emulator.host.forms.form import FormKind
from pipedrive_emulator.host.forms.lead import LEAD
from pipedrive_emulator.host.forms.lost import LOST
from pipedrive_emulator.host.forms.product import PRODUCT
from pipedrive_emulator.host.forms.project import PROJECT

FORMS: dict[str, FormKind] = {
    "activity": ACTIVITY,
    "deal": DEAL,
    "lead": LEAD,
    "lost": LOST,
    "organization": ORGANIZATION,
    "person": PERSON,
    "product": PRODUCT,
    "project": PROJECT,
}
