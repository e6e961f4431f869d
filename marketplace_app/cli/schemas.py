"""The schema files of the JSON surfaces, written from the code: for the manifest and for Developer Hub.

The manifest is not read: it names these files, and may do so before they are there.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit import Extension
from marketplace_app.kit.json_declaring import DeclaredJsonModal, DeclaredJsonPanel
from marketplace_app.kit.json_limits import MANY_BLOCKS, MOST_BLOCKS


def write_schemas(extensions: str, folder: Path) -> Iterator[str]:
    """A line for each file of what EXTENSIONS names. Raises ConfigurationError when it cannot be done."""
    from marketplace_app.composition import load_extensions
    from marketplace_app.kit.json_schemas import file_text

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for extension in load_extensions(extensions):
            schema = _schema_of(extension)
            if schema is not None:
                file = folder / f"{extension.name}.json"
                is_new = not file.exists() or file.read_text() != file_text(schema)
                file.write_text(file_text(schema))
                yield f"{file}: {'written' if is_new else 'was up to date'}"
    except OSError as error:
        raise ConfigurationError([f"{folder} cannot be written ({error.strerror})"]) from error


def _schema_of(extension: Extension) -> dict[str, object] | None:
    shown = extension.shown
    if isinstance(shown, (DeclaredJsonPanel, DeclaredJsonModal)):
        return shown.shape.schema()
    return None


def advice_on_forms(extensions: Sequence[Extension]) -> list[str]:
    return [
        f"The form of {extension.name} has more than {MANY_BLOCKS} blocks: one of Pipedrive's pages allows "
        f"{MOST_BLOCKS}, another {MANY_BLOCKS}. See that Developer Hub takes its schema file."
        for extension in extensions
        if isinstance(extension.shown, DeclaredJsonModal) and extension.shown.shape.is_crowded
    ]
