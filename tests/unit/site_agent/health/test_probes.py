"""The computer's own health never stops a heartbeat."""

from pathlib import Path

from site_agent.health.probes import Probes
from site_agent.platform import Linux
from tests.doubles.system import FakeSystem

PLATFORM = Linux(FakeSystem())


def no_disk(folder: Path) -> int:
    raise OSError("gone")


def test_load_is_a_share_and_disk_is_in_megabytes(tmp_path: Path) -> None:
    health = Probes(tmp_path, PLATFORM, busy=lambda: 37.5, free=lambda folder: 5 << 20).read()
    assert (health.load, health.disk_free_mb, health.sound_outputs) == (0.375, 5, 0)


def test_a_load_beyond_the_scale_is_cut(tmp_path: Path) -> None:
    assert Probes(tmp_path, PLATFORM, busy=lambda: 180.0, free=lambda folder: 0).read().load == 1.0


def test_the_first_reading_of_the_meter_is_thrown_away(tmp_path: Path) -> None:
    readings = [0.0, 50.0]
    assert Probes(tmp_path, PLATFORM, busy=lambda: readings.pop(0), free=lambda folder: 0).read().load == 0.5


def test_a_folder_that_is_not_there_yet_is_on_the_disk_of_its_parent(tmp_path: Path) -> None:
    asked: list[Path] = []

    def free(folder: Path) -> int:
        asked.append(folder)
        return 0

    Probes(tmp_path / "not" / "yet", PLATFORM, busy=lambda: 0.0, free=free).read()
    assert asked == [tmp_path]


def test_a_disk_that_cannot_be_asked_counts_as_full(tmp_path: Path) -> None:
    assert Probes(tmp_path, PLATFORM, busy=lambda: 0.0, free=no_disk).read().disk_free_mb == 1


def test_this_computer_can_be_read(tmp_path: Path) -> None:
    health = Probes(tmp_path, PLATFORM).read()
    assert 0 <= health.load <= 1
    assert health.disk_free_mb > 0
