"""Documents that must not fall behind the code."""

import dataclasses
import json
import re
import tomllib
from pathlib import Path

import pytest

from marketplace_app import kit
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import PLACES, Surface, SurfaceKind
from marketplace_app.kit import ActionContext, JobContext, SurfaceContext
from marketplace_app.settings import NAMES
from tests.architecture.tree import ROOT, our_files

SECRETS = ("PIPEDRIVE_CLIENT_SECRET", "SURFACE_JWT_SECRETS", "REDIS_URL", "ENCRYPTION_KEYS")
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))


def test_every_setting_is_explained_and_none_else() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    explained = re.findall(r"^### `([A-Z_]+)`$", text, re.MULTILINE)
    assert sorted(explained) == sorted(NAMES)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_tells_of_its_file_form(name: str) -> None:
    assert f"`{name}_FILE`" in (ROOT / "docs" / "configuration.md").read_text()


def test_versions_are_in_step() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    manifest = json.loads((ROOT / "manifest.json").read_text())["version"]
    changelog = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert changelog
    assert project == manifest == changelog[1]


def test_every_term_has_its_sentence_and_what_to_avoid() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    terms = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert terms
    for term in terms:
        name, meaning, avoid = (line for line in term.splitlines() if line)
        assert meaning.endswith("."), name
        assert avoid.startswith("*Avoid:* "), name


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [adr.name[:4] for adr in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.name[:4])
def test_a_decision_has_context_decision_and_consequences(adr: Path) -> None:
    headings = re.findall(r"^## (.+)$", adr.read_text(), re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in our_files(".md")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_what_a_sentence_sends_its_reader_to_is_there() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "marketplace_app").rglob("*.py"))
    pages = set(re.findall(r"\bdocs/[a-z/0-9-]+\.md", code))
    assert len(pages) > 5
    assert {page for page in pages if not (ROOT / page).exists()} == set()


def test_the_manifest_is_told_key_by_key(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "manifest.md").read_text()
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    ours = json.loads((ROOT / "manifest.json").read_text())
    keys = {field.name for kind in (Manifest, Surface) for field in dataclasses.fields(kind)}
    assert {*keys, *ours, *ours["surfaces"][0]} - told == set()
    assert set(SurfaceKind) - told == set()
    assert {place for places in PLACES.values() for place in places if f"`{place}`" not in text} == set()
    example = re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]
    (tmp_path / "manifest.json").write_text(example)
    found = Manifest.load(tmp_path / "manifest.json")
    assert [surface.name for surface in found.surfaces] == ["deal-health", "finish"]


def test_an_author_finds_every_name_of_the_kit_in_a_page() -> None:
    """As code: between backticks or in a block."""
    told = names_told_as_code()
    members = {
        name
        for kind in (SurfaceContext, ActionContext, JobContext)
        for name in (*kind.__dataclass_fields__, *dir(kind))
        if not name.startswith("_")
    }
    assert {"selection", "kept", "jobs", "attempt"} < members
    assert {*kit.__all__, *members} - told == set()


def test_an_author_finds_what_can_be_asked_of_pipedrive() -> None:
    rows = {
        module: set(re.findall(r"`(\w+)`", has))
        for module, has in re.findall(
            r"^\| `(\w+)` \| (.+) \|$", (ROOT / "docs" / "handlers.md").read_text(), re.MULTILINE
        )
    }
    for file in (ROOT / "marketplace_app" / "pipedrive" / "resources").glob("[a-z]*.py"):
        functions = set(re.findall(r"^async def ([a-z]\w+)", file.read_text(), re.MULTILINE))
        assert functions
        assert functions <= rows[file.stem], file.stem


def names_told_as_code() -> set[str]:
    texts = [page.read_text() for page in (ROOT / "docs").glob("*.md")]
    blocks = [
        block for text in texts for block in re.findall(r"^```.*?^```$", text, re.MULTILINE | re.DOTALL)
    ]
    spans = [span for text in texts for span in re.findall(r"`[^`\n]+`", text)]
    return set(re.findall(r"\w+", " ".join([*blocks, *spans])))


def test_an_operator_finds_every_alarm_of_the_log() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "marketplace_app").rglob("*.py"))
    events = set(re.findall(r'\.(?:error|exception)\(\s*"([^"]+)"', code))
    assert {"alarm", "broken"} < events
    table = (ROOT / "docs" / "operations.md").read_text().partition('`"level":"error"`')[2]
    assert {event for event in events if f"`{event}`" not in table} == set()


def test_every_point_at_which_tests_stop_a_renewal_is_in_the_picture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    code = "\n".join(path.read_text() for path in (ROOT / "marketplace_app").rglob("*.py"))
    points = set(re.findall(r'"(renewal\.[a-z]+)"', code))
    assert len(points) > 5
    assert {point for point in points if point not in text} == set()
