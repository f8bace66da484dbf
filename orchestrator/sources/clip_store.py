"""Rows <-> films that were sent."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from orchestrator.media.sources.job import Why
from orchestrator.sources.clip_model import Clip, ClipState
from orchestrator.storage.schema.lecture_sources import lecture_clip
from wire.ids import SessionId

Connection = sa.Connection


def all_clips(conn: Connection) -> list[Clip]:
    """Every film, the oldest first."""
    found = []
    for row in conn.execute(sa.select(lecture_clip).order_by(lecture_clip.c.made_ns, lecture_clip.c.id)):
        values = dict(row._mapping)
        values |= {
            "session": SessionId(row.session),
            "state": ClipState(row.state),
            "converted": Why(row.converted),
        }
        found.append(Clip(**values))
    return found


def insert(conn: Connection, clip: Clip) -> None:
    conn.execute(lecture_clip.insert().values(**msgspec.structs.asdict(clip)))


def put(conn: Connection, clip: Clip) -> None:
    """What is known of it now."""
    conn.execute(lecture_clip.update().where(lecture_clip.c.id == clip.id).values(**msgspec.structs.asdict(clip)))


def drop(conn: Connection, clip: str) -> bytes | None:
    """Remove a film; the digest of its file when no other film needs it."""
    digest = conn.execute(sa.select(lecture_clip.c.digest).where(lecture_clip.c.id == clip)).scalar()
    conn.execute(lecture_clip.delete().where(lecture_clip.c.id == clip))
    if digest is None:
        return None
    other = conn.execute(sa.select(lecture_clip.c.id).where(lecture_clip.c.digest == digest).limit(1)).first()
    return bytes(digest) if other is None else None
