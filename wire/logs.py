"""How both ends log: static event names with fields, for people on a terminal, JSON otherwise."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TextIO

import structlog


def configure(level: str, stream: TextIO, keepers: Sequence[structlog.types.Processor] = ()) -> None:
    """Set structlog up to write on ``stream``, past the ``keepers``. Call once in a process, from a command."""
    terminal = stream.isatty()
    processors: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *keepers,
    ]
    if terminal:
        processors.append(structlog.dev.ConsoleRenderer())
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=stream, format="%(name)s %(message)s")
