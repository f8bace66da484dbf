"""Logs of the agent go to stderr, and the newest ones to files that turn over in its home; stdout belongs to commands.

The files are what the centre may collect (`site_agent.orders.log_pack`): four of half a megabyte, JSON lines.
"""

from __future__ import annotations

import json
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog

from wire import logs

FILE = "agent.log"
FILE_BYTES = 512 << 10
OLDER_FILES = 3


def configure(level: str = "info", folder: Path | None = None) -> None:
    """Log to stderr, and to files in `folder` if it is given. Raises `OSError` when it cannot be made."""
    if folder is None:
        logs.configure(level, sys.stderr)
        return
    folder.mkdir(parents=True, exist_ok=True)
    keeper = LogKeeper(folder)
    logs.configure(level, sys.stderr, [keeper])
    logging.getLogger().addHandler(keeper.handler)
    # A full disk must cost lines of the log and nothing else, least of all a traceback for each of them.
    logging.raiseExceptions = False


class LogKeeper:
    """A processor of structlog that writes each event to the files and passes it on."""

    def __init__(self, folder: Path) -> None:
        self.handler = RotatingFileHandler(
            folder / FILE, maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True
        )
        self.handler.setFormatter(_LibraryLine())

    def __call__(self, logger: Any, method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        told = structlog.processors.format_exc_info(logger, method, dict(event))
        line = json.dumps(told, ensure_ascii=False, default=str)
        self.handler.handle(logging.LogRecord(_OURS, logging.INFO, "", 0, line, None, None))
        return event


_OURS = "diemcau"


class _LibraryLine(logging.Formatter):
    """Our own lines as they are; a warning of a library as an event."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == _OURS:
            return str(record.msg)
        told = {"event": "library", "level": record.levelname.lower(), "logger": record.name}
        return json.dumps({**told, "error": record.getMessage()[:300]}, ensure_ascii=False)
