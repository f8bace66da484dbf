"""What a computer can say of itself: its address, its power, a restart that is due, its browsers, its disk."""

from pathlib import Path
from typing import Protocol

import msgspec


class Address(msgspec.Struct, frozen=True):
    """The address on the room's network, empty without one; ``dynamic``: given for a while only (DHCP), None when that
    cannot be told."""

    address: str = ""
    dynamic: bool | None = None


class Power(msgspec.Struct, frozen=True):
    """``battery_percent`` and ``plugged`` None without a battery; ``sleeps_after_min`` when idle on mains, 0: never,
    None: not known."""

    battery_percent: float | None = None
    plugged: bool | None = None
    sleeps_after_min: float | None = None


class Restart(msgspec.Struct, frozen=True):
    """Whether the system waits for a restart, and how long it has been up."""

    pending: bool = False
    up_h: float = 0.0


class Computer(Protocol):
    """One operating system's answers. Each may take seconds and belongs to a worker thread; none raises."""

    def address(self) -> Address: ...

    def power(self) -> Power: ...

    def restart(self) -> Restart: ...

    def browser_version(self, program: str) -> str:
        """Name and version, such as `Chromium 130.0.6723.58`; empty when it cannot be told."""
        ...

    def disk_spins(self, folder: Path) -> bool | None:
        """Whether the disk under a folder turns; None when that cannot be told."""
        ...
