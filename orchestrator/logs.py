"""Logs of the centre go to stderr; stdout belongs to the commands."""

from __future__ import annotations

import sys

from wire import logs


def configure(level: str = "info") -> None:
    logs.configure(level, sys.stderr)
