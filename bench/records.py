"""How much room does an installation take in Redis? Bytes of each kind of key, by the server's own count.

    .venv/bin/python bench/records.py [--companies 300] [--users 2]

The app installs and renews each of them at the emulator, on a server of each kind that is there.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.faults.lab.lab import Lab
from tests.harness.servers import Servers, binaries

MOST_BYTES = 1536
PAST_EXPIRY_SECONDS = 3_700


def sizes(folder: Path, binary: Path, options: argparse.Namespace) -> dict[str, list[int]]:
    """Of each kind of key, what every one of them takes."""
    with Lab(folder) as lab:
        lab.servers = Servers(binary, folder / "redis")
        client = lab.start_redis().client
        lab.start_emulator()
        driver = lab.start_driver()
        holders = lab.crowd(options.companies, options.users)
        lab.install(driver, holders)
        lab.advance(PAST_EXPIRY_SECONDS)
        driver.do("renew", holders)  # a renewed record has the token before it too
        found = defaultdict(list)
        for key in client.scan_iter(count=1000):
            taken: int = client.memory_usage(key, samples=0)  # type: ignore[assignment]
            found[key.decode().rpartition(":")[2]].append(taken)
        return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=300)
    parser.add_argument("--users", type=int, default=2)
    options = parser.parse_args()
    largest = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, binary) in enumerate(binaries().items()):
            found = sizes(Path(folder) / str(number), binary, options)
            for kind, taken in sorted(found.items()):
                size = f"{mean(taken):8,.0f} bytes, largest {max(taken):,}"
                print(f"{name:10} {kind:14} {len(taken):6,} of {size}")
            largest = max(largest, *found["installation"])
    print(f"largest installation: {largest:,} bytes, {largest / MOST_BYTES:.2f} of the budget")
    return int(largest > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
