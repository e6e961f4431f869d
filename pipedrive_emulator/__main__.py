"""Command line: ``python -m pipedrive_emulator serve``."""

import argparse
import ipaddress
import sys
from collections.abc import Sequence
from pathlib import Path

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.app import create_app
from pipedrive_emulator.emulator import Emulator, build_emulator
from pipedrive_emulator.registration import RegistrationRefused, read_json
from pipedrive_emulator.registration_plain import read_registration
from pipedrive_emulator.server import PortTaken, listen, run
from pipedrive_emulator.store import MemoryStore, SqliteStore, StateFileError
from pipedrive_emulator.switches import SwitchRefused
from pipedrive_emulator.world.seed import SEEDS


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 after a wished end, 1 when it could not start, 2 for a wrong command line."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if not _is_loopback(arguments.host) and not arguments.allow_remote:
        parser.error(
            f"--host {arguments.host} lets other machines steer the emulator: add --allow-remote to mean it"
        )
    try:
        _serve(arguments)
    except (PortTaken, RegistrationRefused, StateFileError, SwitchRefused) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _serve(arguments: argparse.Namespace) -> None:
    listener = listen(arguments.host, arguments.port)
    with listener:
        host, port = listener.getsockname()
        store = SqliteStore(arguments.state) if arguments.state else MemoryStore()
        emulator = build_emulator(
            Addresses("127.0.0.1" if host == "0.0.0.0" else host, port),  # noqa: S104 - compared, not bound
            seed=arguments.seed,
            store=store,
            switches=dict(arguments.switches),
        )
        _register(emulator, arguments.apps)
        run(create_app(emulator), listener, f"Pipedrive emulator ready on {emulator.addresses.api}")


def _register(emulator: Emulator, files: Sequence[Path]) -> None:
    for file in files:
        app = read_registration(read_json(file), emulator.apps, file.parent)
        emulator.installations.register(app)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pipedrive_emulator", description="A Pipedrive for a laptop.")
    serve = parser.add_subparsers(required=True, metavar="serve").add_parser("serve", help="run the emulator")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=8100, help="port, 0 for a free one")
    serve.add_argument("--seed", choices=SEEDS, default="small", help="the world to plant")
    serve.add_argument(
        "--set", dest="switches", action="append", default=[], type=_switch, metavar="SWITCH=VALUE"
    )
    serve.add_argument("--app", dest="apps", action="append", default=[], type=Path, metavar="FILE")
    serve.add_argument("--state", type=Path, metavar="FILE", help="remember everything in this file")
    serve.add_argument("--allow-remote", action="store_true", help="let other machines steer the emulator")
    return parser


def _switch(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form SWITCH=VALUE")
    return name, value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    sys.exit(main())
