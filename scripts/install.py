"""`make install` and `make install-dev`: the locked Python packages in .venv, the SDK in node_modules.

Runs on the machine's own Python with nothing installed. What is already there is left alone: each part has
a stamp that names the lock, the Python and the folder it was made from.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.steps import ROOT, CannotInstallError, run

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
OLDEST_NODE = 20
NO_NETWORK = re.compile(
    r"NameResolution|name resolution|Network is unreachable|Connection refused|ConnectTimeout|Max retries|"
    r"No matching distribution|EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ETIMEDOUT|network",
    re.IGNORECASE,
)


def main(kind: str) -> int:
    """`kind` is `demo` (what running needs) or `dev` (that, and what the tests and the linters need)."""
    try:
        install(kind)
    except CannotInstallError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; run it again to go on.", file=sys.stderr)
        return 130
    return 0


def install(kind: str) -> None:
    """Asks for everything that it needs before the first slow step. Raises CannotInstallError."""
    kinds = {kind, "dev"}  # the larger set serves the smaller purpose
    lacks_python = not any(_is_stamped(VENV, name, _python_stamp(name)) for name in kinds)
    lacks_browser = not any(_is_stamped(NODE_MODULES, name, _browser_stamp()) for name in kinds)
    if lacks_browser:
        _require_node()
    if lacks_python:
        _install_python_packages(kind)
    if lacks_browser:
        _install_browser_packages(kind)


def _install_python_packages(kind: str) -> None:
    _make_venv()
    lock = ROOT / "requirements" / f"{kind}.txt"
    _pip("Python packages", "install", "--require-hashes", "--requirement", lock)
    this = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    _pip("This checkout as a Python package", "install", *this)
    _stamp(VENV, kind, _python_stamp(kind))


def _install_browser_packages(kind: str) -> None:
    extra = ["--omit=dev"] if kind == "demo" else []
    command = ["npm", "ci", *extra, "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    try:
        run("Browser packages", command)
    except subprocess.CalledProcessError as failure:
        raise _cannot_fetch("the npm registry", "npm", failure) from failure
    _stamp(NODE_MODULES, kind, _browser_stamp())


def _make_venv() -> None:
    if _is_usable_venv():
        return
    try:
        run("Virtual environment", [sys.executable, "-m", "venv", "--clear", VENV])
    except subprocess.CalledProcessError as failure:
        raise CannotInstallError(
            f"{sys.executable} cannot make a virtual environment in {VENV}: install its venv module "
            f"(Debian: apt-get install python3-venv, or python3.{sys.version_info.minor}-venv), see that the "
            "folder may be written, and run make again."
        ) from failure


def _is_usable_venv() -> bool:
    """Whether .venv works and was made for this folder: its scripts carry the absolute path."""
    script = VENV / "bin" / "pip"
    if not script.exists() or str(VENV) not in script.read_text(errors="replace"):
        return False
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([VENV_PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0


def _pip(title: str, *arguments: str | Path) -> None:
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "2"]
    try:
        run(title, [VENV_PYTHON, "-m", "pip", *quiet, *arguments], {"PIP_USER": "0"})
    except subprocess.CalledProcessError as failure:
        raise _cannot_fetch("the Python package index", "pip", failure) from failure


def _require_node() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        raise CannotInstallError(
            "node and npm are needed to fetch Pipedrive's SDK and at least one of them is not on PATH: "
            f"install Node.js {OLDEST_NODE} or newer with npm, and run make again."
        )
    probe = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = probe.stdout.strip()
    match = re.match(r"v(\d+)\.", version)
    if not match or int(match[1]) < OLDEST_NODE:
        raise CannotInstallError(
            f"Node.js {OLDEST_NODE} or newer is needed and `node --version` says {version or 'nothing'}: "
            "install a newer one, and run make again."
        )


def _cannot_fetch(source: str, tool: str, failure: subprocess.CalledProcessError) -> CannotInstallError:
    output = str(failure.output)
    if NO_NETWORK.search(output):
        return CannotInstallError(
            f"Cannot reach {source}: connect this machine to the network, or point {tool} at a mirror that "
            "it can reach, and run make again."
        )
    last = "".join(output.strip().splitlines()[-1:])
    return CannotInstallError(f"{tool} could not install what the lock names ({last}): see its log above.")


def _python_stamp(kind: str) -> str:
    lock = _digest(ROOT / "requirements" / f"{kind}.txt", ROOT / "pyproject.toml")
    return json.dumps({"lock": lock, "checkout": str(ROOT)})


def _browser_stamp() -> str:
    return _digest(ROOT / "package.json", ROOT / "package-lock.json")


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _is_stamped(folder: Path, kind: str, stamp: str) -> bool:
    file = folder / f".installed-{kind}"
    is_whole = folder != VENV or VENV_PYTHON.exists()
    return is_whole and file.exists() and file.read_text() == stamp


def _stamp(folder: Path, kind: str, stamp: str) -> None:
    (folder / f".installed-{kind}").write_text(stamp)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
