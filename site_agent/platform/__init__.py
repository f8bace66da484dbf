"""What differs between the operating systems of school computers, one file each behind one port."""

from site_agent.platform.computer import Computer
from site_agent.platform.computer_linux import LinuxComputer
from site_agent.platform.computer_windows import WindowsComputer
from site_agent.platform.linux import Linux
from site_agent.platform.port import Platform
from site_agent.platform.system import RealSystem, System
from site_agent.platform.windows import Windows

__all__ = [
    "Computer",
    "Linux",
    "LinuxComputer",
    "Platform",
    "RealSystem",
    "System",
    "Windows",
    "WindowsComputer",
    "choose",
    "choose_computer",
]


def choose(name: str, system: System | None = None) -> Platform:
    """The platform for a ``sys.platform`` name; what is not Windows is treated as Linux."""
    real = system or RealSystem()
    return Windows(real) if name == "win32" else Linux(real)


def choose_computer(name: str, system: System | None = None) -> Computer:
    """What answers for the computer under a ``sys.platform`` name."""
    real = system or RealSystem()
    return WindowsComputer(real) if name == "win32" else LinuxComputer(real)
