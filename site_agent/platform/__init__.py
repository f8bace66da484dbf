"""What differs between the operating systems of school computers, one file each behind one port."""

from site_agent.platform.linux import Linux
from site_agent.platform.port import Platform
from site_agent.platform.system import RealSystem, System
from site_agent.platform.windows import Windows

__all__ = ["Linux", "Platform", "RealSystem", "System", "Windows", "choose"]


def choose(name: str, system: System | None = None) -> Platform:
    """The platform for a ``sys.platform`` name; what is not Windows is treated as Linux."""
    real = system or RealSystem()
    return Windows(real) if name == "win32" else Linux(real)
