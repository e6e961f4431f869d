"""What a `serve` makes of signed contexts while its clock is wrong, and whether it says that it is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.local.ports import free_port
from marketplace_app.clock import SystemClock, write_offset
from tests.faults.lab.lab import Lab
from tests.faults.lab.table import Row
from tests.harness.servers import until
from tests.makers import claims_of, sign

SKEWS = (-60, -10, 0, 10, 60)
_UNAUTHORIZED = 401
_LIFE, _LEEWAY, _SMALL, _TOLD = 300, 10, 10, 30
_AGES = (0, 30, 150, 285, 315, 380)  # seconds since Pipedrive signed it


class Verdict(NamedTuple):
    skew: int
    age: int
    is_accepted: bool

    @property
    def is_false_refusal(self) -> bool:
        """Refused though it lives for more than a moment yet, by a clock that is nearly right."""
        return abs(self.skew) <= _SMALL and self.age <= _LIFE - 15 and not self.is_accepted

    @property
    def is_wrong_entry(self) -> bool:
        """Accepted although it has expired, by more than the leeway and what the clock is behind."""
        over = self.age - _LIFE
        return self.is_accepted and over > _LEEWAY + max(0, -self.skew)

    @property
    def is_open(self) -> bool:
        """From the future by a minute, and accepted."""
        return self.skew == min(SKEWS) and self.age == 0 and self.is_accepted


def contexts(lab: Lab) -> list[Row]:
    port = free_port()
    lab.settings |= {"METRICS_PORT": str(port), "CLOCK_OFFSET_FILE": str(lab.clock(0))}
    lab.start_serve()
    file = Path(lab.settings["CLOCK_OFFSET_FILE"])
    verdicts: list[Verdict] = []
    told: list[bool] = []
    until(lambda: _reasons(port) is not None, "the operator's port")
    for skew in SKEWS:
        write_offset(file, skew)
        verdicts += _verdicts(lab, skew)
        words = "ahead of" if skew > 0 else "behind"
        said = (_reasons(port) or {}).get("clock", "")
        told.append((abs(skew) > _TOLD) == (words in said))
    lab.stop("serve")
    del lab.settings["METRICS_PORT"], lab.settings["CLOCK_OFFSET_FILE"]
    small = [each for each in verdicts if abs(each.skew) <= _SMALL and each.age <= _LIFE - 15]
    over = [each for each in verdicts if each.age > _LIFE]
    ahead = [each for each in verdicts if each.skew == min(SKEWS) and each.age == 0]
    return [
        Row(
            "live contexts refused within 10 s of skew",
            sum(each.is_false_refusal for each in small),
            len(small),
        ),
        Row("I4 expired contexts accepted", sum(each.is_wrong_entry for each in over), len(over)),
        Row("I9 contexts from a minute ahead accepted", sum(each.is_open for each in ahead), len(ahead)),
        Row("skews that readiness does not tell, or makes up", told.count(False), len(told)),
    ]


def _verdicts(lab: Lab, skew: int) -> Iterator[Verdict]:
    secret = lab.identity.surface_secrets["deal-panel"].encode()
    for age in _AGES:
        token = sign(claims_of(now=int(SystemClock().now()) - age, life=_LIFE), secret)
        url = f"{lab.app_url()}/surfaces/deal-panel/sections/all?selectedIds=1"
        reply = request("GET", url, headers={"Authorization": f"Bearer {token}"})
        yield Verdict(skew, age, reply.status != _UNAUTHORIZED)


def _reasons(port: int) -> dict[str, str] | None:
    reply = request("GET", f"http://127.0.0.1:{port}/readyz")
    if not reply.status:
        return None
    return {each["reason"]: each["detail"] for each in json.loads(reply.body)["reasons"]}
