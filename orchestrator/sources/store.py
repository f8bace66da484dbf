"""Rows <-> sources."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.media.sources.job import Way
from orchestrator.media.tokens import Seat
from orchestrator.sources.model import Source
from orchestrator.storage.schema.lecture_sources import lecture_source
from wire.ids import SessionId

Connection = sa.Connection


def standing(conn: Connection) -> list[Source]:
    """Every source that was not removed, the oldest first."""
    rows = sa.select(lecture_source).where(lecture_source.c.removed_ns.is_(None)).order_by(lecture_source.c.made_ns)
    return [_source(row) for row in conn.execute(rows)]


def insert(conn: Connection, source: Source) -> None:
    conn.execute(lecture_source.insert().values(**msgspec.structs.asdict(source)))


def want(conn: Connection, source: str, *, wanted: bool) -> None:
    """Whether it should run."""
    conn.execute(lecture_source.update().where(lecture_source.c.id == source).values(wanted=wanted))


def remove(conn: Connection, source: str, now_ns: int) -> bool:
    """Take it away: its key is good no more and its address is forgotten. False when somebody was faster."""
    there = (lecture_source.c.id == source) & lecture_source.c.removed_ns.is_(None)
    changed = lecture_source.update().where(there).values(removed_ns=now_ns, wanted=False, sealed=b"")
    return conn.execute(changed).rowcount == 1


def _source(row: Any) -> Source:
    values = dict(row._mapping)
    values |= {"way": Way(row.way), "seat": Seat(row.seat), "session": SessionId(row.session)}
    return Source(**values)
