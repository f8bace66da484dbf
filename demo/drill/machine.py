"""What a process costs, from Linux's /proc; elsewhere nothing is told."""

from __future__ import annotations

import os
from pathlib import Path


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far, all its threads together; NaN where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return float("nan")


def most_mb(pid: int) -> float:
    """The most memory that a process has held at once, MB (VmHWM); NaN where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return float("nan")
    line = next((each for each in status.splitlines() if each.startswith("VmHWM:")), "VmHWM: 0 kB")
    return round(int(line.split()[1]) / 1024, 1)


def load() -> list[float]:
    """The machine's load averages."""
    return [round(each, 2) for each in os.getloadavg()]
