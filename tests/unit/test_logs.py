"""What the log says of an error: its class and lines, and never its text, which may be anybody's data."""

import json
import subprocess
import sys

import pytest

BROKEN = """
import sys
from marketplace_app import logs

logs.configure(sys.argv[1])
try:
    try:
        {}["+45 12 34 56 78"]
    except KeyError as error:
        raise ValueError("invalid literal: 'Jane Roe'") from error
except ValueError:
    logs.logger("surfaces").exception("broken", reference="E-7K2F9Q")
"""


def line(environment: str) -> str:
    command = [sys.executable, "-c", BROKEN, environment]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize("environment", ["production", ""])
def test_an_unforeseen_error_is_its_class_and_its_lines(environment: str) -> None:
    said = json.loads(line(environment))
    assert said["exception"] == ["ValueError at <string>:10", "KeyError at <string>:8"]
    assert (said["event"], said["reference"]) == ("broken", "E-7K2F9Q")
    assert "Jane" not in str(said)
    assert "+45" not in str(said)


def test_the_author_of_an_app_sees_what_it_says() -> None:
    assert "invalid literal: 'Jane Roe'" in json.loads(line("development"))["exception"]
