"""Windows 10 and 11: PowerShell's network and storage cmdlets, powercfg, and the registry's marks of a restart.

What these commands print is translated on a Vietnamese Windows; only numbers, enumerations and JSON are read.
"""

import re
from pathlib import Path

import msgspec

from site_agent.platform.computer import Address, Power, Restart
from site_agent.platform.system import System
from wire.unreadable import UNREADABLE

POWERSHELL = ("powershell", "-NoProfile", "-NonInteractive", "-Command")
RESTART_KEYS = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
)
SESSION_MANAGER = r"SYSTEM\CurrentControlSet\Control\Session Manager"
_ADDRESS = (
    "$r = Get-NetRoute -DestinationPrefix '0.0.0.0/0' | Sort-Object {$_.RouteMetric + $_.InterfaceMetric} | "
    "Select-Object -First 1; Get-NetIPAddress -InterfaceIndex $r.InterfaceIndex -AddressFamily IPv4 | "
    "Select-Object -First 1 IPAddress, @{n='Origin';e={[int]$_.PrefixOrigin}} | ConvertTo-Json -Compress"
)
_DHCP = 3
"""NL_PREFIX_ORIGIN of nldef.h: IpPrefixOriginDhcp."""
_HDD = "3"
"""MSFT_PhysicalDisk.MediaType: 3 turns, 4 does not, 0 is not known."""
_INDEX = re.compile(r"0x([0-9a-fA-F]{8})")


class _Told(msgspec.Struct, rename="pascal"):
    ip_address: str = msgspec.field(default="", name="IPAddress")
    origin: int = 0


class WindowsComputer:
    """A Computer over Windows."""

    def __init__(self, system: System) -> None:
        self._system = system

    def address(self) -> Address:
        """Of the interface that the way out begins at."""
        try:
            told = msgspec.json.decode(self._powershell(_ADDRESS) or "{}", type=_Told)
        except UNREADABLE:
            return Address()
        return Address(told.ip_address, told.origin == _DHCP) if told.ip_address else Address()

    def power(self) -> Power:
        """powercfg prints the setting on mains and on battery last, in seconds."""
        battery = self._system.battery()
        percent, plugged = battery if battery is not None else (None, None)
        told = _INDEX.findall(self._system.output(["powercfg", "/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"]))
        return Power(percent, plugged, int(told[-2], 16) / 60 if len(told) >= 2 else None)

    def restart(self) -> Restart:
        """Windows Update, component servicing, and files that wait to be renamed."""
        pending = any(self._system.registry_has(key) for key in RESTART_KEYS) or self._system.registry_has(
            SESSION_MANAGER, "PendingFileRenameOperations"
        )
        return Restart(pending, self._system.up_s() / 3600)

    def browser_version(self, program: str) -> str:
        """As the file says: run with `--version`, a browser of Windows opens a window."""
        quoted = program.replace("'", "''")
        version = self._powershell(f"(Get-Item -LiteralPath '{quoted}').VersionInfo.ProductVersion").strip()
        name = program.replace("/", "\\").rsplit("\\", 1)[-1].removesuffix(".exe")
        return f"{name} {version}"[:80] if version else ""

    def disk_spins(self, folder: Path) -> bool | None:
        """The kind of the physical disk under the folder's drive letter."""
        letter = str(folder)[:1]
        if not letter.isascii() or not letter.isalpha():
            return None
        kind = self._powershell(
            f"[int](Get-Partition -DriveLetter {letter} | Get-Disk | Get-PhysicalDisk).MediaType"
        ).strip()
        return kind == _HDD if kind in {_HDD, "4"} else None

    def _powershell(self, command: str) -> str:
        return self._system.output([*POWERSHELL, command])
