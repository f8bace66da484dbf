"""Linux: iproute2 for the address, /sys for the disk, Debian's mark for a restart, GNOME's setting for sleep."""

import os
import re
from pathlib import Path

import msgspec

from site_agent.platform.computer import Address, Power, Restart
from site_agent.platform.system import System
from wire.unreadable import UNREADABLE

NOWHERE = "192.0.2.1"
"""Of TEST-NET-1 (RFC 5737): only the route to it is asked for."""
REBOOT_REQUIRED = ("/run/reboot-required", "/var/run/reboot-required")
_GNOME = ("gsettings", "get", "org.gnome.settings-daemon.plugins.power")
_VIRTUAL = ("vd", "xvd", "loop", "zram", "dm-")


class _Route(msgspec.Struct):
    prefsrc: str = ""
    dev: str = ""


class _Own(msgspec.Struct):
    local: str = ""
    dynamic: bool = False


class _Interface(msgspec.Struct):
    addr_info: list[_Own] = []


class LinuxComputer:
    """A Computer over Linux."""

    def __init__(self, system: System) -> None:
        self._system = system

    def address(self) -> Address:
        """The source of packets that leave; an address of DHCP has a lifetime, which iproute2 calls dynamic."""
        try:
            routes = msgspec.json.decode(
                self._system.output(["ip", "-j", "-4", "route", "get", NOWHERE]) or "[]", type=list[_Route]
            )
            if not routes or not routes[0].prefsrc:
                return Address()
            told = self._system.output(["ip", "-j", "-4", "address", "show", "dev", routes[0].dev]) or "[]"
            owned = [each for one in msgspec.json.decode(told, type=list[_Interface]) for each in one.addr_info]
        except UNREADABLE:
            return Address()
        dynamic = next((each.dynamic for each in owned if each.local == routes[0].prefsrc), None)
        return Address(routes[0].prefsrc, dynamic)

    def power(self) -> Power:
        """Sleep as GNOME is told to; other desktops are not asked."""
        battery = self._system.battery()
        percent, plugged = battery if battery is not None else (None, None)
        return Power(percent, plugged, self._sleeps_after_min())

    def restart(self) -> Restart:
        """What Debian's and Ubuntu's updates leave behind."""
        pending = any(self._system.read_text(path) for path in REBOOT_REQUIRED)
        return Restart(pending, self._system.up_s() / 3600)

    def browser_version(self, program: str) -> str:
        """As the program says itself."""
        return self._system.output([program, "--version"]).strip().split("\n")[0][:80]

    def disk_spins(self, folder: Path) -> bool | None:
        """The kernel's own mark; that of a virtual disk says nothing."""
        try:
            device = os.stat(folder).st_dev
        except OSError:
            return None
        place = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()
        for each in (place, place.parent):
            mark = self._system.read_text(str(each / "queue" / "rotational")).strip()
            if mark:
                return None if each.name.startswith(_VIRTUAL) else mark == "1"
        return None

    def _sleeps_after_min(self) -> float | None:
        kind = self._system.output([*_GNOME, "sleep-inactive-ac-type"]).strip().strip("'")
        if not kind:
            return None
        seconds = re.search(r"\d+", self._system.output([*_GNOME, "sleep-inactive-ac-timeout"]))
        return 0.0 if kind == "nothing" or seconds is None else int(seconds[0]) / 60
