"""Contrast of the surfaces' colours, in both themes, as WCAG 2.2 counts it (1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "static" / "surface.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
LIGHT = {name: light for name, light, _ in TOKEN.findall(SHEET)}
DARK = {name: dark for name, _, dark in TOKEN.findall(SHEET)}

TEXT = [
    ("text", "surface"),
    ("text", "raised"),
    ("text", "hover"),
    ("soft", "surface"),
    ("soft", "raised"),
    ("soft", "page"),
    ("link", "surface"),
    ("link", "raised"),
    ("link", "hover"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("good", "surface"),
    ("good", "raised"),
    ("good", "good-back"),
    ("text", "good-back"),
    ("warn", "surface"),
    ("warn", "raised"),
    ("warn", "warn-back"),
    ("bad", "surface"),
    ("bad", "raised"),
    ("bad", "hover"),
    ("bad", "bad-back"),
]
SHAPES = [
    ("edge", "surface"),
    ("edge", "raised"),
    ("focus", "surface"),
    ("focus", "raised"),
    ("primary", "surface"),
    ("bad", "surface"),
    ("good", "line"),
    ("warn", "line"),
    ("bad", "line"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT, ids=" on ".join)
def test_text_stands_out(theme: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(theme[pair[0]], theme[pair[1]]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", SHAPES, ids=" on ".join)
def test_shapes_stand_out(theme: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(theme[pair[0]], theme[pair[1]]) >= 3


def test_colours_stand_in_tokens_only() -> None:
    rest = TOKEN.sub("", SHEET)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rest) == []


def test_every_colour_that_is_used_is_defined() -> None:
    assert set(re.findall(r"var\(--([a-z-]+)\)", SHEET)) == set(LIGHT)


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
