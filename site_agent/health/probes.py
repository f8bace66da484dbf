"""Load, free disk and sound of this computer, for the heartbeat and the readiness checks."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil

from site_agent.platform.port import Platform

_MB = 1 << 20


class ComputerHealth(msgspec.Struct, frozen=True):
    """``load`` is the busy share of all cores since the last reading (0..1); ``disk_free_mb`` where the agent keeps its
    files; ``sound_outputs`` the number of sound devices.
    """

    load: float
    disk_free_mb: int
    sound_outputs: int


def cpu_percent() -> float:
    """Busy share of all cores since the last call, in percent."""
    return float(psutil.cpu_percent(interval=None))


def disk_free(folder: Path) -> int:
    """Free bytes on the disk of a folder; raises ``OSError``."""
    return int(psutil.disk_usage(str(folder)).free)


class Probes:
    """Reads the computer's health; never raises and never waits."""

    def __init__(
        self,
        home: Path,
        platform: Platform,
        *,
        busy: Callable[[], float] = cpu_percent,
        free: Callable[[Path], int] = disk_free,
    ) -> None:
        self._home = home
        self._platform = platform
        self._busy = busy
        self._free = free
        # The first reading has no time to speak of behind it and says nothing.
        self._busy()

    def read(self) -> ComputerHealth:
        """The computer now; a disk that cannot be asked counts as full."""
        return ComputerHealth(
            load=min(max(self._busy() / 100, 0.0), 1.0),
            disk_free_mb=self._disk_free_mb(),
            sound_outputs=self._platform.sound_outputs(),
        )

    def _disk_free_mb(self) -> int:
        # Never 0, which on the wire means that nothing was told.
        # Before pairing the folder is not there yet; its nearest parent lies on the same disk.
        there = next((folder for folder in (self._home, *self._home.parents) if folder.exists()), self._home)
        try:
            return max(1, self._free(there) // _MB)
        except OSError:
            return 1
