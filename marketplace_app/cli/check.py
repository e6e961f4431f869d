import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace_app.cli.configuration import exit_with, manifest_or_exit, settings_or_exit
from marketplace_app.cli.developer_hub import form, refusals
from marketplace_app.cli.store import store_report
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import Settings, extensions_named

if TYPE_CHECKING:
    from marketplace_app.kit import Extension


def check(
    schemas: Annotated[
        Path | None, typer.Option(help="Write the schema files of JSON surfaces there, and nothing else.")
    ] = None,
    messaging: Annotated[
        bool, typer.Option("--messaging", help="Print the messaging manifest, and nothing else.")
    ] = False,
) -> None:
    """See whether settings, manifest and Redis are ready, and print the Developer Hub form."""
    from marketplace_app.cli.schemas import advice_on_forms

    if schemas is not None:
        write(schemas)
        return
    settings = settings_or_exit()
    manifest = manifest_or_exit(settings)
    extensions = extensions_or_exit(settings, manifest)
    if messaging:
        print_messaging(settings)
        return
    problems = list(refusals(manifest))
    store = store_report(settings.redis_url.value, settings.redis_durability)
    if store.problem:
        problems.append(store.problem)
    if problems:
        exit_with(ConfigurationError(problems))
    print("Settings, manifest and Redis are in order. In Developer Hub, fill in:\n")
    print("\n".join(form(manifest, settings.app_base_url)))
    for sentence in store.warnings:
        print(f"\nWarning: {sentence}")
    for sentence in [*advice(settings, manifest), *advice_on_forms(extensions)]:
        print(f"\nAdvice: {sentence}")


def write(folder: Path) -> None:
    """Needs EXTENSIONS alone: the files are wanted before there is an app in Developer Hub."""
    from marketplace_app.cli.schemas import write_schemas

    try:
        lines = list(write_schemas(extensions_named(os.environ), folder))
    except ConfigurationError as error:
        exit_with(error)
    print("\n".join(lines) or "No extension has a JSON panel or a JSON modal.")


def print_messaging(settings: Settings) -> None:
    import json

    from marketplace_app.composition import load_declared
    from marketplace_app.kit.messaging import Messaging

    declared = [each for each in load_declared(settings.extensions) if isinstance(each, Messaging)]
    if not declared:
        exit_with(ConfigurationError(["EXTENSIONS has no Messaging, so there is no messaging manifest"]))
    print(json.dumps(declared[0].manifest(settings.app_base_url), indent=2))


def extensions_or_exit(settings: Settings, manifest: Manifest) -> "tuple[Extension, ...]":
    """What keeps `serve` from starting: code and manifest that differ, a template that is not there."""
    from marketplace_app.composition import load_declared, load_extensions
    from marketplace_app.kit.messaging import Messaging
    from marketplace_app.messaging.matching import match_messaging
    from marketplace_app.surfaces.matching import match
    from marketplace_app.web.templates import Templates

    try:
        extensions = load_extensions(settings.extensions)
        declared = load_declared(settings.extensions)
        match_messaging(manifest, [each for each in declared if isinstance(each, Messaging)])
        match(manifest, extensions, Templates([settings.templates_dir] if settings.templates_dir else []))
    except ConfigurationError as error:
        exit_with(error)
    return extensions


def advice(settings: Settings, manifest: Manifest) -> list[str]:
    """Sentences on what works and should not stay so."""
    used = {surface.jwt_secret for surface in manifest.surfaces}
    strays = sorted(settings.surface_jwt_secrets.keys() - used)
    return [
        *(f"SURFACE_JWT_SECRETS names {stray}, which no surface of the manifest uses." for stray in strays),
        *_advice_on_shared_secrets(settings, manifest),
    ]


def _advice_on_shared_secrets(settings: Settings, manifest: Manifest) -> list[str]:
    return [
        f"{surface.name} has no JWT secret of its own, so the client secret signs its tokens: whoever learns "
        f"one can forge the other. Give it one in Developer Hub and as {surface.jwt_secret}=... in "
        "SURFACE_JWT_SECRETS."
        for surface in manifest.surfaces
        if surface.jwt_secret not in settings.surface_jwt_secrets
    ]
