"""Each extension but `honest` breaks one rule; test_tenancy.py says which test has to see it."""

import base64
from dataclasses import dataclass
from typing import Annotated, Any

from marketplace_app.kit import (
    ActionContext,
    Extension,
    FloatingContext,
    Leave,
    LinkContext,
    ModalContext,
    PanelContext,
    Replies,
    SettingsContext,
    Snackbar,
    say,
)
from marketplace_app.kit.json_modal import Input, Primary
from marketplace_app.pipedrive.resources import deals

SEEN: dict[Any, str] = {}
CLIENTS: dict[int, Any] = {}

honest = Extension("honest", title="Honest")
token_in_page = Extension("token-in-page", title="Token")
token_in_base64 = Extension("token-in-base64", title="Wrapped token")
cached_by_record = Extension("cached-by-record", title="Cached")
cached_by_company = Extension("cached-by-company", title="Cached too")
company_in_form = Extension("company-in-form", title="Form")
company_in_data = Extension("company-in-data", title="Data")
token_in_log = Extension("token-in-log", title="Log")
token_in_link = Extension("token-in-link", title="Link")
seen_last = Extension("seen-last", title="Last")
told_to_all = Extension("told-to-all", title="Told")
company_in_json_form = Extension("company-in-json-form", title="JSON form")
writes_when_shown = Extension("writes-when-shown", title="Writes")


@dataclass(frozen=True, slots=True)
class View:
    text: str
    can_press: bool = False


@dataclass(frozen=True, slots=True)
class Which:
    company_id: int = 0
    deal_id: int = 0


async def token_of(context: Any) -> str:
    """What no author should reach for."""
    return str((await context.pipedrive._source.access()).access_token)


async def title_of(context: Any) -> str:
    return (await deals.get(context.pipedrive, context.record_id)).title


@honest.panel("deal", template="leaky.html")
async def show_honestly(context: PanelContext) -> View:
    return View(await title_of(context), can_press=True)


@honest.action("press")
async def press_honestly(context: ActionContext, form: Which) -> Replies:
    await deals.update(context.pipedrive, context.record_id, title=f"{await title_of(context)}.")
    return Snackbar(say("Of {company}", company=form.company_id))


@token_in_page.panel("person", template="leaky.html")
async def show_token(context: PanelContext) -> View:
    return View(await token_of(context))


@token_in_base64.modal(template="leaky.html")
async def show_wrapped(context: ModalContext) -> View:
    return View(base64.urlsafe_b64encode((await token_of(context)).encode()).decode())


@cached_by_record.modal(template="leaky.html")
async def show_cached(context: ModalContext) -> View:
    if context.record_id not in SEEN:
        SEEN[context.record_id] = await title_of(context)
    return View(SEEN[context.record_id])


@cached_by_company.modal(template="leaky.html")
async def show_to_colleagues(context: ModalContext) -> View:
    place = (context.principal.company_id, context.record_id)
    if place not in SEEN:
        SEEN[place] = await title_of(context)
    return View(SEEN[place])


@company_in_form.panel("organization", template="leaky.html")
async def show_form(context: PanelContext) -> View:
    CLIENTS[context.principal.company_id] = context.pipedrive
    return View("", can_press=True)


@company_in_form.action("press")
async def read_what_the_form_says(context: ActionContext, form: Which) -> Replies:
    client = CLIENTS.get(form.company_id, context.pipedrive)
    return Snackbar(say("It is {title}", title=(await deals.get(client, form.deal_id)).title))


@company_in_data.modal(template="leaky.html")
async def show_what_the_data_say(context: ModalContext) -> View:
    CLIENTS[context.principal.company_id] = context.pipedrive
    client = CLIENTS.get(context.data.get("company_id", 0), context.pipedrive)
    return View((await deals.get(client, context.data.get("deal_id") or context.record_id)).title)


@token_in_log.settings(template="leaky.html")
async def fail_loudly(context: SettingsContext) -> View:
    raise RuntimeError(f"no answer with {await token_of(context)}")


@token_in_link.link_action()
async def lead_with_token(context: LinkContext) -> Leave:
    return Leave(f"https://maps.example.com/?key={await token_of(context)}")


@seen_last.floating_window(template="leaky.html")
async def show_the_last(context: FloatingContext) -> View:
    last = SEEN.get("last", "")
    SEEN["last"] = str((await deals.get(context.pipedrive, 1)).title)
    return View(last)


@told_to_all.modal(template="leaky.html")
async def show_nothing(_context: ModalContext) -> View:
    return View("", can_press=True)


@told_to_all.action("press")
async def tell_what_others_pressed(context: ActionContext) -> Replies:
    last = SEEN.get("told", "nobody")
    SEEN["told"] = (await deals.get(context.pipedrive, 1)).title
    return Snackbar(say("After {last}", last=last))


@dataclass(frozen=True, slots=True)
class Asked:
    company_id: Annotated[str, Input("Company")] = ""
    deal_id: Annotated[str, Input("Deal")] = ""
    look: Annotated[None, Primary("Look")] = None


@company_in_json_form.json_modal(Asked)
async def open_the_form(context: ModalContext) -> Asked:
    CLIENTS[context.principal.company_id] = context.pipedrive
    return Asked("1", "1")


@company_in_json_form.submitted
async def believe_the_form(context: ActionContext, form: Asked) -> Snackbar:
    client = CLIENTS.get(int(form.company_id), context.pipedrive)
    return Snackbar(say("It is {title}", title=(await deals.get(client, int(form.deal_id))).title))


@writes_when_shown.modal(template="leaky.html")
async def show_and_write(context: ModalContext) -> View:
    client: Any = context.pipedrive
    await deals.update(client, 1, title=(await deals.get(client, 1)).title)
    return View("")


EXTENSIONS = (
    honest,
    token_in_page,
    token_in_base64,
    cached_by_record,
    cached_by_company,
    company_in_form,
    company_in_data,
    token_in_log,
    token_in_link,
    seen_last,
    told_to_all,
    company_in_json_form,
    writes_when_shown,
)
