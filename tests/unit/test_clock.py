import asyncio
import time
from pathlib import Path

import pytest

from marketplace_app.clock import OffsetClock, SystemClock, write_offset


def test_the_system_clock_tells_the_system_time() -> None:
    before = time.monotonic()
    assert 0 <= SystemClock().now() - SystemClock().now() + 1 <= 1
    assert time.monotonic() - before < 1


@pytest.mark.parametrize(
    ("text", "offset"), [("0", 0), ("3600", 3600), ("-60.5\n", -60.5), ("", 0), ("soon", 0)]
)
def test_an_offset_is_read_from_its_file(tmp_path: Path, text: str, offset: float) -> None:
    file = tmp_path / "offset"
    file.write_text(text)
    assert OffsetClock(file).now() - SystemClock().now() == pytest.approx(offset, abs=1)


def test_without_the_file_time_is_as_it_is(tmp_path: Path) -> None:
    assert OffsetClock(tmp_path / "absent").now() == pytest.approx(SystemClock().now(), abs=1)


def test_a_moved_time_is_believed_at_once(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    write_offset(file, 0)
    clock = OffsetClock(file)
    for offset in (1000, -1000, 2000):
        write_offset(file, offset)
        assert clock.now() - SystemClock().now() == pytest.approx(offset, abs=5)


def test_who_asks_while_the_file_is_read_is_not_told_the_time_before(tmp_path: Path) -> None:
    class AskedMeanwhile(type(Path())):  # type: ignore[misc]  # Path is made by its platform's class
        def read_text(self, *_: object) -> str:
            if not told:
                told.append(0)
                told.append(clock.now())  # as another thread may
            return "1000"

    told: list[float] = []
    file = tmp_path / "offset"
    write_offset(file, 0)
    clock = OffsetClock(AskedMeanwhile(file))
    assert clock.now() == pytest.approx(told[1], abs=5)


@pytest.mark.anyio
async def test_sleeping_lets_others_run(tmp_path: Path) -> None:
    for clock in (SystemClock(), OffsetClock(tmp_path / "absent")):
        other = asyncio.create_task(asyncio.sleep(0))
        await clock.sleep(0.01)
        assert other.done()
