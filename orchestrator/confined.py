"""Limits that a process of ours sets for itself before it reads a file that a stranger sent."""

from __future__ import annotations

import resource


def confine(*, memory: int, cpu_s: int, open_files: int) -> None:
    """Bounds on address space (bytes), processor time (seconds) and open files; nothing is written to any file, no
    process is started, no core is left (setrlimit(2))."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, open_files),
    ):
        resource.setrlimit(what, (most, most))
