"""Tasks of a deal, a bulk change, calls, preferences and a map: the least of each kind of surface."""

from dataclasses import dataclass
from datetime import timedelta

from marketplace_app.kit import (
    ActionContext,
    CloseModal,
    Confirm,
    Extension,
    FloatingContext,
    Fragment,
    JobContext,
    Leave,
    LinkContext,
    ModalContext,
    Notification,
    OpenModal,
    PanelContext,
    Refresh,
    Replies,
    SettingsContext,
    Snackbar,
    say,
)
from marketplace_app.pipedrive.resources import activities, deals

tasks = Extension("tasks", title="Tasks")
bulk = Extension("bulk", title="Bulk")
calls = Extension("calls", title="Calls")
preferences = Extension("preferences", title="Preferences")
street_map = Extension("street-map", title="Map")


@dataclass(frozen=True, slots=True)
class Deal:
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    subject: str
    days: int = 1
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    id: int


@tasks.panel("deal", template="tasks.html")
async def show(context: PanelContext) -> Deal:
    return Deal((await deals.get(context.pipedrive, context.record_id)).title)


@tasks.action("rename")
async def rename(context: ActionContext) -> Replies:
    deal = await deals.update(context.pipedrive, context.record_id, title="Renamed")
    return Snackbar(say("Done")), Fragment(Deal(deal.title))


@tasks.action("add")
async def add(context: ActionContext, form: Task) -> Replies:
    subject = f"{form.subject}, in {form.days} days{', urgent' if form.is_urgent else ''}"
    await activities.create(context.pipedrive, subject=subject, deal_id=context.record_id, type="task")
    return Snackbar(say("Added")), Refresh()


@tasks.action("close")
async def close(_context: ActionContext) -> Replies:
    return Confirm(say("Close this deal?"), then="really-close", form={"status": "lost"})


@dataclass(frozen=True, slots=True)
class Closing:
    status: str


@tasks.action("really-close", confirmed=True)
async def really_close(context: ActionContext, form: Closing) -> Replies:
    await deals.update(context.pipedrive, context.record_id, status=form.status)
    return Snackbar(say("Closed"))


@tasks.action("person")
async def person(_context: ActionContext) -> Replies:
    return OpenModal.person(name="Somebody", then="linked")


@tasks.action("linked")
async def linked(context: ActionContext, form: Made) -> Replies:
    await deals.update(context.pipedrive, context.record_id, person_id=form.id)
    return Snackbar(say("Linked"))


@dataclass(frozen=True, slots=True)
class Many:
    count: int
    words: str


@bulk.modal(template="bulk.html", width=400)
async def many(context: ModalContext) -> Many:
    return Many(len(context.selection.ids), str(context.data.get("words", "")))


@bulk.action("finish")
async def finish(context: ActionContext) -> Replies:
    for deal_id in context.selection.ids:
        await deals.update(context.pipedrive, deal_id, status="won")
    return Snackbar(say("Finished")), CloseModal()


@dataclass(frozen=True, slots=True)
class Reminder:
    deal_id: int


@bulk.action("remind")
async def remind(context: ActionContext) -> Replies:
    for deal_id in context.selection.ids:
        form = Reminder(deal_id)
        await context.jobs.add("remind", form, after=timedelta(minutes=10), once=f"deal-{deal_id}")
    return Snackbar(say("You will be reminded"))


@bulk.job("remind")
async def make_reminder(context: JobContext, form: Reminder) -> None:
    await activities.create(context.pipedrive, subject="Reminder", deal_id=form.deal_id, type="task")


@calls.floating_window(template="calls.html")
async def ring(context: FloatingContext) -> str:
    return str(context.data.get("phone", "nobody"))


@calls.action("hang-up")
async def hang_up(_context: ActionContext) -> Replies:
    return Notification(3)


@dataclass(frozen=True, slots=True)
class Preference:
    greeting: str = ""


@preferences.settings(template="preferences.html")
async def chosen(context: SettingsContext) -> Preference:
    return await context.settings.of_user(Preference) or Preference("Hello")


@preferences.action("choose")
async def choose(context: ActionContext, form: Preference) -> Replies:
    await context.settings.set_of_user(form)
    return Snackbar(say("Saved")), Fragment(form)


@street_map.link_action()
async def lead(context: LinkContext) -> Leave:
    deal = await deals.get(context.pipedrive, context.record_id)
    return Leave(f"https://maps.example.com/?q={deal.id}")


EXTENSIONS = (tasks, bulk, calls, preferences, street_map)
