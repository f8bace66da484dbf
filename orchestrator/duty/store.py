"""Rows <-> claims, the shift's book."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.duty.model import CLOSING, Claim, Entry, EntryKind, Outcome
from orchestrator.storage.schema.duty import duty_claim, duty_entry
from wire.ids import SiteId

Connection = sa.Connection
BOOK_PAGE = 200
"""Entries of one site that a page is shown at most."""


def claims(conn: Connection) -> list[Claim]:
    """All claims, also those whose time is over and which nobody has ended yet; the oldest first."""
    return [_claim(row) for row in conn.execute(sa.select(duty_claim).order_by(duty_claim.c.at_ns))]


def claim(conn: Connection, site: SiteId) -> Claim | None:
    row = conn.execute(sa.select(duty_claim).where(duty_claim.c.site == site)).first()
    return _claim(row) if row else None


def put_claim(conn: Connection, known: Claim | None, wanted: Claim) -> bool:
    """Write a claim in place of the one that was seen; False when somebody was faster."""
    values = msgspec.structs.asdict(wanted)
    if known is not None:
        seen = (duty_claim.c.site == known.site) & (duty_claim.c.version == known.version)
        return conn.execute(duty_claim.update().where(seen).values(**values)).rowcount == 1
    try:
        with conn.begin_nested():
            conn.execute(duty_claim.insert().values(**values))
    except sa.exc.IntegrityError:
        return False
    return True


def drop_claim(conn: Connection, known: Claim) -> bool:
    """End a claim; False when it is not what it was."""
    seen = (duty_claim.c.site == known.site) & (duty_claim.c.version == known.version)
    return conn.execute(duty_claim.delete().where(seen)).rowcount == 1


def _claim(row: Any) -> Claim:
    return Claim(SiteId(row.site), row.person, row.name, row.at_ns, row.until_ns, row.version)


# --- the book ----------------------------------------------------------------------------------------------------


def add_entry(conn: Connection, entry: Entry) -> Entry:
    """Write a line; returns it with its number."""
    values = msgspec.structs.asdict(entry)
    del values["id"]
    number = conn.execute(duty_entry.insert().values(**values)).inserted_primary_key
    return msgspec.structs.replace(entry, id=number[0] if number else 0)


def open_entries(conn: Connection) -> list[Entry]:
    """Calls and hand-overs since each site's last call that closed its matter, in the order they were written."""
    closed = (
        sa.select(duty_entry.c.site, sa.func.max(duty_entry.c.id).label("last"))
        .where(duty_entry.c.outcome.in_(CLOSING))
        .group_by(duty_entry.c.site)
        .subquery()
    )
    wanted = (
        sa.select(duty_entry)
        .outerjoin(closed, closed.c.site == duty_entry.c.site)
        .where(duty_entry.c.kind.in_((EntryKind.CALL, EntryKind.HANDOVER)))
        .where(duty_entry.c.id > sa.func.coalesce(closed.c.last, 0))
        .order_by(duty_entry.c.id)
    )
    return [_entry(row) for row in conn.execute(wanted)]


def book_of(conn: Connection, site: SiteId, since_ns: int = 0, limit: int = BOOK_PAGE) -> list[Entry]:
    """The newest entries of one site, the newest first."""
    mine = (duty_entry.c.site == site) & (duty_entry.c.at_ns >= since_ns)
    rows = conn.execute(sa.select(duty_entry).where(mine).order_by(duty_entry.c.id.desc()).limit(limit))
    return [_entry(row) for row in rows]


def book_since(conn: Connection, since_ns: int) -> list[Entry]:
    """Calls and notes at or after ``since_ns``, in the order they were written."""
    wanted = duty_entry.c.kind.in_((EntryKind.CALL, EntryKind.NOTE)) & (duty_entry.c.at_ns >= since_ns)
    return [_entry(row) for row in conn.execute(sa.select(duty_entry).where(wanted).order_by(duty_entry.c.id))]


def _entry(row: Any) -> Entry:
    return Entry(
        site=SiteId(row.site),
        at_ns=row.at_ns,
        person=row.person,
        name=row.name,
        kind=EntryKind(row.kind),
        outcome=Outcome(row.outcome) if row.outcome else None,
        note=row.note,
        again_ns=row.again_ns,
        id=row.id,
    )
