"""Files made of those in files/, all or none, and none over another."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

from marketplace_app.cli.new.refused import Refused

_FILES = Path(__file__).with_name("files")


def made(name: str, words: Mapping[str, str]) -> str:
    """The file of that name with its $words filled in."""
    return Template((_FILES / f"{name}.txt").read_text(encoding="utf-8")).substitute(words)


def has(name: str) -> bool:
    return (_FILES / f"{name}.txt").is_file()


def write_new(texts: Mapping[Path, str]) -> None:
    """Raises Refused, before the first is written, when one is there already."""
    for file in texts:
        if file.exists():
            raise Refused(f"{file} is there already; nothing was written. Choose another name.")
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as sink:
            sink.write(text)
