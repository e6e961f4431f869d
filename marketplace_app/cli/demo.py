import fcntl
import os
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from marketplace_app.cli.local.app_folder import AppFolder, NoApp
from marketplace_app.cli.local.identity import load_or_make
from marketplace_app.cli.local.orphans import note, stop_orphans
from marketplace_app.cli.local.plan import CHECKOUT, Plan
from marketplace_app.cli.local.ports import LOOPBACK, why_unusable
from marketplace_app.cli.local.progress import complain, say, step
from marketplace_app.cli.local.reload import Reload, trial
from marketplace_app.cli.local.stack import LocalStack
from marketplace_app.cli.local.tour import (
    TourImpossible,
    Visitor,
    find_visitor,
    install,
    is_installed,
    record_kind,
    record_url,
)
from marketplace_app.cli.local.valkey import NoServerBinary
from marketplace_app.cli.local.watch import ChildDied, StopRequested, TookTooLong, Watch
from marketplace_app.cli.store import store_problem


class CannotStart(Exception):
    """The sentence says what to do."""


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the app.")] = 8000,
    emulator_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the emulated Pipedrive.")
    ] = 8100,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the deal.")] = True,
    app: Annotated[
        Path, typer.Option(help="The folder of another app: one of marketplace-app new app.")
    ] = CHECKOUT,
    folder: Annotated[
        Path | None, typer.Option(help="Where its data are kept; .demo of the app's folder by default.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the data of earlier runs.")] = False,
) -> None:
    """Run the app beside an emulated Pipedrive on this machine, installed and ready to click."""
    watch = Watch()
    watch.listen_to_signals()
    try:
        theirs = AppFolder.at(app)
        plan = Plan(
            folder=(folder or theirs.folder / ".demo").resolve(),
            app_port=port,
            emulator_port=emulator_port,
            manifest=theirs.manifest,
            settings=theirs.settings(),
        )
        with _alone_in(plan.folder):
            _prepare(plan, fresh=fresh)
            _run(plan, theirs, watch, opens_browser=browser and _has_desktop())
    except StopRequested:
        say("Stopped; nothing was left running.")
    except (CannotStart, ChildDied, TookTooLong, TourImpossible, NoServerBinary, NoApp, OSError) as problem:
        complain(problem)
        raise typer.Exit(1) from None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two demos would share one folder of data; the lock goes with the process that holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                "A demo of this checkout is already running: stop it first, or use its address."
            ) from None
        yield


def _prepare(plan: Plan, *, fresh: bool) -> None:
    stop_orphans(plan.folder / "processes.json")
    if fresh:
        plan.forget()
    if plan.app_port == plan.emulator_port:
        raise CannotStart("The app and the emulator need a port each: give --port and --emulator-port apart.")
    for port, option in ((plan.app_port, "--port"), (plan.emulator_port, "--emulator-port")):
        if reason := why_unusable(LOOPBACK, port):
            raise CannotStart(f'{reason[0].upper()}{reason[1:]}: choose another with ARGS="{option} NUMBER".')


def _run(plan: Plan, app: AppFolder, watch: Watch, *, opens_browser: bool) -> None:
    started = time.monotonic()
    identity = load_or_make(plan.folder / "secrets.json", plan.surface_secret_names())
    stack = LocalStack(plan, identity, watch, os.environ.get("REDIS_URL", ""))
    try:
        say("Starting the app beside an emulated Pipedrive")
        _start_processes(stack)
        visitor = _install(stack)
        _show(stack, visitor, time.monotonic() - started)
        if opens_browser:
            webbrowser.open(record_url(plan, visitor))
        with trial(stack) as trying:
            watch.for_ever(Reload(app, stack, trying).glance)
    finally:
        say("Stopping ...")
        stack.stop()
        (plan.folder / "processes.json").unlink(missing_ok=True)


def _start_processes(stack: LocalStack) -> None:
    parts = [
        ("Valkey", stack.start_valkey),
        ("Emulated Pipedrive", stack.start_emulator),
        ("Web process", stack.start_serve),
        ("Worker", stack.start_worker),
    ]
    if stack.redis_url:
        parts[0] = ("Redis of REDIS_URL", lambda: _require_redis(stack.redis_url))
    for title, start in parts:
        with step(title):
            start()
        note(stack.plan.folder / "processes.json", stack.watch.children)


def _require_redis(url: str) -> None:
    if problem := store_problem(url):
        raise CannotStart(f"{problem}, or unset REDIS_URL to use the embedded Valkey.")


def _install(stack: LocalStack) -> Visitor:
    visitor = find_visitor(stack.plan)
    if not is_installed(stack.plan, stack.identity, visitor):
        with step(f"Install for {visitor.name}"):
            install(stack.plan, stack.identity, visitor)
    return visitor


def _show(stack: LocalStack, visitor: Visitor, seconds: float) -> None:
    kind = record_kind(stack.plan)
    what = f"A{'n' if kind[0] in 'aeiou' else ''} {kind}" + (
        ", with the panel in it" if stack.plan.panel() else ""
    )
    say(f"""Ready after {seconds:.1f} s. {what}, as {visitor.name} sees it:

    {record_url(stack.plan, visitor)}

The app is on {stack.plan.app_url}, the emulated Pipedrive on {stack.plan.emulator_url}.
Logs are in {stack.plan.log_folder}.
What you save of the app's modules, templates and manifest is run at once.
Ctrl-C stops everything; the data are kept until make demo ARGS=--fresh.""")


def _has_desktop() -> bool:
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
