"""How fast is the warm deal panel? Its throughput and latency as a share of a bare Starlette route.

    .venv/bin/python bench/panel.py [--seconds 3] [--rounds 5] [--connections 64] [--profile]

Both run on the same server with one worker, are asked by the same tool, in turns within one run:
trust the ratios, not the absolute numbers. Each connection asks with tokens and deals of its own turn,
so the panel's work is that of many viewers. --profile shows where its time goes, in this process.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.load import Figures, get, measure
from marketplace_app.cli.local.fetch import answers, request
from marketplace_app.cli.local.ports import free_port
from tests.harness.stack import Stack, running_stack

DEALS_PER_USER = 8


@contextmanager
def bare_route() -> Iterator[int]:
    port = free_port()
    command = ["granian", "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "bench.bare:app"]
    granian = Path(sys.executable).with_name("granian")
    root = Path(__file__).parents[1]
    process = subprocess.Popen(
        [str(granian), *command[1:]], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def warm_urls(stack: Stack) -> list[str]:
    """Opens panels of every user until their pictures are kept; gives their addresses."""
    urls = []
    for user in stack.control.world()["users"]:
        stack.install(user)
        for deal in range(1, DEALS_PER_USER + 1):
            url = stack.surface("deal-panel", user, deal)["url"]
            for _ in range(20):
                reply = request("GET", url)
                if reply.status != 200 or reply.headers["Surface-State"] == "complete":
                    break
                time.sleep(0.2)
            if reply.status == 200 and 'data-state="complete"' in reply.text:
                urls.append(url)
    return urls


def targets(urls: list[str]) -> list[bytes]:
    found = []
    for url in urls:
        parts = urlsplit(url)
        found.append(get(parts.netloc, f"{parts.path}?{parts.query}"))
    return found


def compare(stack: Stack, bare_port: int, options: argparse.Namespace) -> None:
    urls = warm_urls(stack)
    size = len(request("GET", urls[0]).body)
    print(f"{len(urls)} warm panels of about {size} bytes")
    print(f"{options.connections} connections, {options.rounds} rounds of {options.seconds:g} s each")
    panels, bare = targets(urls), [get("127.0.0.1", "/")]
    app_port = urlsplit(stack.app_url).port or 0
    how: dict[str, Any] = {"seconds": options.seconds, "connections": options.connections}
    rounds = [
        (measure(bare_port, bare, **how), measure(app_port, panels, **how)) for _ in range(options.rounds)
    ]
    report("bare route", [pair[0] for pair in rounds])
    report("warm panel", [pair[1] for pair in rounds])
    share = median(panel.per_second / route.per_second for route, panel in rounds)
    tail = median(panel.p99 / panel.p50 for _, panel in rounds)
    print(f"warm panel / bare route, requests per second: {share:.3f}  (target: at least 0.25)")
    print(f"warm panel, p99 / p50:                        {tail:.2f}  (target: at most 2.5)")
    if any(each.refused for pair in rounds for each in pair):
        sys.exit("Not every answer was 200, so these figures say nothing.")


def report(name: str, rounds: list[Figures]) -> None:
    rate, p50, p99 = (median(getattr(each, name) for each in rounds) for name in ("per_second", "p50", "p99"))
    refused = sum(each.refused for each in rounds)
    print(f"{name}: {rate:8.0f} requests/s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   not 200: {refused}")


def profile(stack: Stack) -> None:
    """The same requests through the application in this process, under cProfile."""
    urls = warm_urls(stack)
    os.environ.update(stack.local.plan.app_environment(stack.identity, stack.local.redis_url))
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # the access log is not what we look at
    from marketplace_app.asgi import app  # noqa: PLC0415 (it reads the environment when imported)

    profiler = cProfile.Profile()
    asyncio.run(_drive(app, urls, profiler))
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)


async def _drive(app: Any, urls: list[str], profiler: cProfile.Profile) -> None:
    async def ask(url: str) -> None:
        parts = urlsplit(url)
        scope = {"type": "http", "method": "GET", "path": parts.path, "raw_path": parts.path.encode()}
        scope |= {"query_string": parts.query.encode(), "headers": [(b"host", parts.netloc.encode())]}
        scope |= {
            "http_version": "1.1",
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 1),
        }
        scope |= {"asgi": {"version": "3.0"}, "root_path": "", "extensions": {}, "state": {}}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: dict[str, Any]) -> None:
            return

        await app(scope, receive, send)

    for round_number in range(60):
        if round_number == 10:
            profiler.enable()
        await asyncio.gather(*(ask(url) for url in urls))
    profiler.disable()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    settings = {"CLOCK_OFFSET_FILE": ""}  # nobody moves the time of a server that is at work
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "s", settings=settings) as stack,
    ):
        if options.profile:
            profile(stack)
            return
        with bare_route() as bare_port:
            compare(stack, bare_port, options)


if __name__ == "__main__":
    main()
