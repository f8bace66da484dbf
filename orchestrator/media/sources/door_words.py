"""What a door for encoders (RTMP, SRT) and its owner, the centre, say to each other: lines of JSON over pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from enum import StrEnum

import msgspec
import structlog

from orchestrator.media.sources.job import LINE_LIMIT, Job, Told
from wire.unreadable import UNREADABLE

MISSING_LIBRARY = "libsrt is not installed"

log = structlog.get_logger()


class Refusal(StrEnum):
    """Why an encoder is not admitted, for doors whose protocol has numbers instead of sentences."""

    KEY = "key"
    """Wrong or revoked."""
    PATIENCE = "patience"
    """Too many wrong keys from this address."""
    CLOSED = "closed"
    """The source is switched off, or its session is not open."""
    TAKEN = "taken"
    """Another encoder sends with this key."""
    BUSY = "busy"
    """Nobody could judge."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the door says. One of: ``port`` it listens on, or 0 with ``fault`` when it cannot; ``asks`` whether a key is
    good; ``told`` of a source; ``gone``."""

    encoder: int = 0
    port: int = 0
    fault: str = ""
    key: str = ""
    address: str = ""
    told: Told | None = None
    gone: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What its owner says of an encoder: here is its job; or it is refused, now or later, with the reason for it.
    ``secret``: the passphrase that it must have, where the protocol knows one."""

    encoder: int
    job: Job | None = None
    sentence: str = ""
    refusal: Refusal = Refusal.KEY
    secret: str = ""


def say(line: Line) -> None:
    """One line for the owner."""
    print(msgspec.json.encode(line).decode(), flush=True)  # noqa: T201  (the protocol)


async def listen_to_owner(answered: Callable[[Answer], None]) -> None:
    """Until the owner is gone."""
    orders = asyncio.StreamReader(limit=LINE_LIMIT)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        try:
            answered(msgspec.json.decode(line, type=Answer))
        except UNREADABLE:
            log.error("door_garbled")
