"""Whether the locks are in step with pyproject.toml and package.json, and free of addresses; offline."""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.steps import ROOT

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
DIRECT = "marketplace-app (pyproject.toml)"
EXTRAS: dict[str, tuple[str, ...]] = {"dev": ("dev",), "demo": ("demo", "build"), "app": ()}


@dataclass(frozen=True, slots=True)
class Lock:
    name: str
    text: str
    pins: Mapping[str, str]
    direct: frozenset[str]  # the packages that pyproject.toml itself asked for when the lock was made


def main() -> int:
    locks = {kind: read_lock(kind) for kind in EXTRAS}
    problems = [*python_problems(locks), *npm_problems()]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print("`make lock` makes the locks anew.", file=sys.stderr)
        return 1
    counts = ", ".join(f"{lock.name} {len(lock.pins)}" for lock in locks.values())
    print(f"Locks are in step: {counts} packages.")
    return 0


def read_lock(kind: str) -> Lock:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text()
    blocks = {canonicalize_name(match["name"]): block for match, block in _blocks(text)}
    pins: dict[str, str] = {
        canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(text)
    }
    direct = frozenset(name for name, block in blocks.items() if DIRECT in block)
    return Lock(f"requirements/{kind}.txt", text, pins, direct)


def _blocks(text: str) -> Iterator[tuple[re.Match[str], str]]:
    matches = list(PIN.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, end in zip(matches, ends, strict=True):
        yield match, text[match.start() : end]


def python_problems(locks: dict[str, Lock]) -> Iterator[str]:
    for kind, lock in locks.items():
        wanted = {canonicalize_name(req.name): req for req in requirements_of(*EXTRAS[kind])}
        for name in sorted(wanted.keys() ^ lock.direct):
            yield f"{lock.name}: {name} is in only one of pyproject.toml and the lock."
        for name in sorted(wanted.keys() & lock.pins.keys()):
            if not wanted[name].specifier.contains(lock.pins[name]):
                yield f"{lock.name}: {name} {lock.pins[name]} is not what pyproject.toml asks for."
        for match, block in _blocks(lock.text):
            if "--hash=sha256:" not in block:
                yield f"{lock.name}: {match['name']} has no hash."
        if "://" in lock.text or "index-url" in lock.text:
            yield f"{lock.name}: names an address."
    for kind in locks.keys() - {"dev"}:
        yield from _differences(locks[kind], locks["dev"])


def _differences(part: Lock, dev: Lock) -> Iterator[str]:
    for name, version in part.pins.items():
        if dev.pins.get(name) != version:
            yield f"{name} is {version} in {part.name} and {dev.pins.get(name)} in {dev.name}."


def requirements_of(*extras: str) -> list[Requirement]:
    """What the project and these extras ask for, with the extras that they name in turn."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = [Requirement(line) for line in project["dependencies"]]
    for extra in extras:
        for line in project["optional-dependencies"][extra]:
            requirement = Requirement(line)
            if requirement.name == project["name"]:
                found += requirements_of(*requirement.extras)
            else:
                found.append(requirement)
    return found


def npm_problems() -> Iterator[str]:
    wanted = json.loads((ROOT / "package.json").read_text())
    text = (ROOT / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    for group in ("dependencies", "devDependencies"):
        if packages[""].get(group, {}) != wanted.get(group, {}):
            yield f"package-lock.json: {group} are not those of package.json."
        for name, version in wanted.get(group, {}).items():
            if not re.fullmatch(r"\d+\.\d+\.\d+", version):
                yield f"package.json: {name} {version} is not one exact version."
    for name, package in packages.items():
        if name and "integrity" not in package:
            yield f"package-lock.json: {name} has no hash."
        if "resolved" in package:
            yield f"package-lock.json: {name} names an address."


if __name__ == "__main__":
    sys.exit(main())
