"""What `check` says of forms that Developer Hub may find too long."""

from dataclasses import make_dataclass
from typing import Annotated

import pytest

from marketplace_app.cli.schemas import advice_on_forms
from marketplace_app.kit import Extension
from marketplace_app.kit.json_modal import Input, Primary


async def opened(_context: object) -> None:
    return None


@pytest.mark.parametrize(("count", "is_told"), [(8, False), (9, True), (10, True)])
def test_a_form_between_the_two_limits_is_told(count: int, is_told: bool) -> None:
    blocks = [(f"b{number}", Annotated[str, Input("B")], "") for number in range(count)]
    form = make_dataclass("Form", [*blocks, ("go", Annotated[None, Primary("Go")], None)])
    extension = Extension("long-one", title="Long")
    extension.json_modal(form)(opened)
    told = advice_on_forms([Extension("plain", title="Plain"), extension])
    assert bool(told) is is_told
    assert all("form of long-one has more than 8 blocks" in sentence for sentence in told)
