"""Bounds that a source's process sets for itself before it reads its first byte."""

from __future__ import annotations

import contextlib
import os
import resource

from orchestrator.media.sources.job import Bounds

FILES = 256
NICE = 5
"""The relay and the centre come first."""


def confine(bounds: Bounds) -> None:
    """Bounds on memory, processor time and files; no core dump, and not one byte written to a file."""
    octets = bounds.memory_mb << 20
    seconds = round(bounds.cpu_hours * 3600)
    for what, most in (
        (resource.RLIMIT_AS, octets),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
    with contextlib.suppress(OSError):
        os.nice(NICE)
