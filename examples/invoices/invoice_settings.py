"""How the company's invoices are numbered; its admins say so, everybody sees it."""

import re
from dataclasses import dataclass
from typing import Annotated

import msgspec

from marketplace_app.kit import (
    ActionContext,
    Extension,
    FormRejected,
    Fragment,
    Replies,
    SettingsContext,
    Snackbar,
    say,
)

_PREFIX = re.compile(r"[A-Za-z0-9/-]{0,8}")


@dataclass(frozen=True, slots=True)
class CompanySettings:
    prefix: str = "INV-"
    days_to_pay: Annotated[int, msgspec.Meta(ge=1, le=90)] = 14


@dataclass(frozen=True, slots=True)
class View:
    settings: CompanySettings
    may_change: bool
    example: str


extension = Extension("invoice-settings", title="Invoice settings")


@extension.settings(template="invoice_settings.html")
async def show(context: SettingsContext) -> View:
    found = await context.settings.of_company(CompanySettings) or CompanySettings()
    return _view(found, may_change=context.viewer.is_admin)


@extension.action("save")
async def save(context: ActionContext, form: CompanySettings) -> Replies:
    """Refused for who is no admin, whatever was pressed: `set_of_company` sees to that."""
    if not _PREFIX.fullmatch(form.prefix):
        raise FormRejected("prefix", {"prefix": say("At most eight letters, digits, dashes and slashes.")})
    await context.settings.set_of_company(form)
    return Snackbar(say("Saved")), Fragment(_view(form, may_change=True))


def _view(settings: CompanySettings, *, may_change: bool) -> View:
    return View(settings, may_change, f"{settings.prefix}0042")
