"""Put the API together from the parts that a store brings back."""

from functools import partial

from pipedrive_emulator.api.api import Api
from pipedrive_emulator.api.desk import Desk
from pipedrive_emulator.api.jobs import Jobs
from pipedrive_emulator.api.purge import Purge
from pipedrive_emulator.base import Base
from pipedrive_emulator.world.changelog import keep_changelog
from pipedrive_emulator.world.events import Events


def wire_api(base: Base, events: Events) -> Api:
    """``events`` are told of every write, by API, page or job."""
    events.subscribe(partial(keep_changelog, base.world))
    Purge(base)
    jobs = Jobs(base.store, base.timers)
    desk = Desk(base, events, jobs)
    api = Api(base, desk)
    jobs.done_by(api.run_job)
    return api
