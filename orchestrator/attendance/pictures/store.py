"""Rows <-> pictures, what was said of them, and their erasures."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.attendance.model import DAY_NS
from orchestrator.attendance.pictures.model import Review, Verdict
from orchestrator.attendance.store import Erasure, insert_erasure
from orchestrator.storage.schema.attendance import picture_erasure, picture_review, roll_call, site_count
from wire.ids import RollCallId, SiteId

# Cast, because PostgreSQL would reckon days in 32 bits.
_DUE = roll_call.c.at_ns + sa.cast(roll_call.c.keep_days, sa.BigInteger) * sa.literal(DAY_NS, sa.BigInteger)


class Kept(msgspec.Struct, frozen=True):
    """A picture that is there, and when it is due."""

    roll_call: RollCallId
    site: SiteId
    due_ns: int
    picture: bytes


def picture(conn: sa.Connection, call: RollCallId, site: SiteId) -> bytes | None:
    """The JPEG; None when there is none any more."""
    mine = (site_count.c.roll_call == call) & (site_count.c.site == site)
    found = conn.execute(sa.select(site_count.c.picture).where(mine)).scalar()
    return bytes(found) if found is not None else None


def due_pictures(conn: sa.Connection, now_ns: int, most: int) -> list[Kept]:
    """Pictures whose time is over, the longest due first."""
    return _kept(conn, now_ns >= _DUE, most)


def pictures_of(conn: sa.Connection, call: RollCallId, most: int) -> list[Kept]:
    """Pictures of one roll call."""
    return _kept(conn, roll_call.c.id == call, most)


def _kept(conn: sa.Connection, which: sa.ColumnElement[bool], most: int) -> list[Kept]:
    columns = (site_count.c.roll_call, site_count.c.site, site_count.c.picture, _DUE.label("due_ns"))
    joined = sa.select(*columns).join(roll_call, roll_call.c.id == site_count.c.roll_call)
    wanted = joined.where(site_count.c.picture.is_not(None), which).order_by(_DUE, site_count.c.site).limit(most)
    return [
        Kept(RollCallId(row.roll_call), SiteId(row.site), row.due_ns, bytes(row.picture))
        for row in conn.execute(wanted)
    ]


def count_kept(conn: sa.Connection, now_ns: int) -> tuple[int, int, int | None]:
    """Pictures that are kept, how many of them are due, and when the next one is (ns)."""
    joined = sa.select(_DUE.label("due_ns"), sa.func.count().label("number")).join(
        site_count, roll_call.c.id == site_count.c.roll_call
    )
    rows = conn.execute(joined.where(site_count.c.picture.is_not(None)).group_by(roll_call.c.id)).all()
    due = sum(row.number for row in rows if row.due_ns <= now_ns)
    return sum(row.number for row in rows), due, min((row.due_ns for row in rows if row.due_ns > now_ns), default=None)


def erase(conn: sa.Connection, erasure: Erasure) -> None:
    """Let the picture go and keep the event of it."""
    mine = (site_count.c.roll_call == erasure.roll_call) & (site_count.c.site == erasure.site)
    conn.execute(site_count.update().where(mine).values(picture=None))
    insert_erasure(conn, erasure)


def erasures(conn: sa.Connection, call: RollCallId) -> list[Erasure]:
    """What was erased of a roll call."""
    rows = conn.execute(sa.select(picture_erasure).where(picture_erasure.c.roll_call == call)).mappings()
    return [Erasure(**row) for row in rows]


def count_erasures(conn: sa.Connection) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(picture_erasure)).scalar() or 0


# --- what was said of them ---------------------------------------------------------------------------------------


def insert_review(conn: sa.Connection, review: Review) -> None:
    conn.execute(picture_review.insert().values(**msgspec.structs.asdict(review)))


def reviews(conn: sa.Connection, call: RollCallId) -> dict[SiteId, Review]:
    """The last verdict on each picture of a roll call."""
    wanted = sa.select(picture_review).where(picture_review.c.roll_call == call).order_by(picture_review.c.id)
    return {SiteId(row.site): _review(row) for row in conn.execute(wanted)}


def _review(row: Any) -> Review:
    return Review(RollCallId(row.roll_call), SiteId(row.site), Verdict(row.verdict), row.note, row.at_ns, row.who)
