"""F6: Redis is there and does not do its work: paused, stopped, slow, full, or without its disk."""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.crew import NEWCOMERS, WIDTH, Crew, Findings
from tests.faults.lab.ills import ILLS, Patient
from tests.faults.lab.lab import Lab
from tests.faults.lab.table import Outcome, Row
from tests.harness.servers import DURABLE, binaries, running

NAME = "F6 stuck"
COUNTS: Mapping[Form, Counts] = {
    "short": {"laps": 2, "ills": 4, "grants": 200, "processes": 2, "stall_tenths": 8},
    "long": {"laps": 16, "ills": 1, "grants": 400, "processes": 4, "stall_tenths": 30},
    "nightly": {"laps": 24, "ills": 1, "grants": 4_000, "processes": 4, "stall_tenths": 230},
}
SHARDED: Sequence[str] = ("laps",)
_AT_WORK_SECONDS = 0.3  # between one ill and the next
_LATE_SECONDS = 4.0  # two reads one after the other, each of which has about a second
_PATIENCE_SECONDS = 6.0


@dataclass(slots=True)
class Probe:
    """A reader who has nothing else to do, asked in the middle of each ill."""

    crew: Crew
    asked: int = 0
    late: int = 0

    def ask(self) -> None:
        """An answer or an error, and either in time."""
        began = time.monotonic()
        reader = self.crew.reader
        try:
            asked = reader.send("stored", principals=self.crew.holders[:1], tries=0)
            reader.answer(asked, _PATIENCE_SECONDS)
        except TimeoutError:
            pass
        except AssertionError as error:
            if "StoreUnavailable" not in str(error):
                raise
        self.asked += 1
        self.late += time.monotonic() - began > _LATE_SECONDS


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_emulator()
    found, patients, probes = Findings(), list[Patient](), list[Probe]()
    kinds, ills = list(binaries().values()), cycle(ILLS)
    for number, binary in enumerate(kinds):
        with running(binary, lab.folder / "redis" / f"kind-{number}") as servers:
            patient = Patient(servers.start(DURABLE), counts["stall_tenths"] / 10)
            with closing(patient.proxy):
                lab.settings["REDIS_URL"] = patient.url
                crew = Crew(lab, f"crew-{number}", processes=counts["processes"], grants=counts["grants"])
                crew.found = found
                probe = Probe(crew)
                for _ in range(-(-counts["laps"] // len(kinds))):
                    names = list(islice(ills, counts["ills"]))
                    harm = partial(_suffer, patient, probe, names)
                    crew.lap(harm, newcomers=NEWCOMERS)
                crew.end()
            patients.append(patient)
            probes.append(probe)
    suffered = sum(patient.suffered for patient in patients)
    unfelt = [name for patient in patients for name in patient.unfelt]
    late, asked = sum(probe.late for probe in probes), sum(probe.asked for probe in probes)
    return Outcome(
        [
            *found.rows(extra_allowed=found.laps * counts["processes"] * WIDTH),
            Row("I9 answers later than their deadline while it was stuck", late, asked),
            Row("ills in which a write went through at once", len(unfelt), suffered),
        ],
        [*found.notes(), *unfelt],
    )


def _suffer(patient: Patient, probe: Probe, names: Sequence[str]) -> float:
    """When it was over, on the steady clock."""
    for name in names:
        time.sleep(_AT_WORK_SECONDS)
        patient.suffer(name, probe.ask)
    return time.monotonic()
