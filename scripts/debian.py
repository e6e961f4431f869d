"""Packages of Debian, where whoever runs this may install them."""

import shutil
import subprocess

from scripts.steps import run


def installed(title: str, *packages: str, is_root: bool) -> bool:
    """Installs them as the step `title`; False where that cannot be done. Only root may."""
    if not is_root or not shutil.which("apt-get"):
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    try:
        run("Package lists of Debian", ["apt-get", "update"], quiet)
        run(title, ["apt-get", "install", *options, *packages], quiet)
    except subprocess.CalledProcessError:
        return False
    return True
