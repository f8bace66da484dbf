"""Rows <-> roll calls, counts, declared numbers."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.attendance.model import Asked, Declared, Kind, RollCall, SiteCount
from orchestrator.storage.schema.attendance import (
    count_again,
    declared_count,
    picture_erasure,
    roll_call,
    roll_call_site,
    site_count,
)
from wire.ids import PicturePolicy, RollCallId, SessionId, SiteId


class Erasure(msgspec.Struct, frozen=True):
    """The event that a picture was erased: its digest (the one that the evidence carries), when it was due, when it
    went, by whom and why."""

    roll_call: RollCallId
    site: SiteId
    digest: bytes
    size: int
    due_ns: int
    at_ns: int
    who: str
    why: str


def insert_roll_call(conn: sa.Connection, call: RollCall) -> None:
    """A new roll call with its sites."""
    conn.execute(
        roll_call.insert().values(
            id=call.id,
            session=call.session,
            at_ns=call.at_ns,
            nonce=call.nonce,
            ordered_by=call.ordered_by,
            frames=call.frames,
            span_ms=call.span_ms,
            kind=call.kind,
            policy=call.policy,
            keep_days=call.keep_days,
            tolerance=call.tolerance,
        )
    )
    conn.execute(roll_call_site.insert(), [{"roll_call": call.id, "site": site} for site in sorted(call.sites)])


def load_roll_calls(conn: sa.Connection, since_ns: int = 0) -> list[RollCall]:
    """Roll calls whose moment is at or after ``since_ns``, the oldest first."""
    return _calls(conn, roll_call.c.at_ns >= since_ns)


def find_call(conn: sa.Connection, call: RollCallId) -> RollCall | None:
    """One roll call with its sites."""
    return next(iter(_calls(conn, roll_call.c.id == call)), None)


def load_calls_of(conn: sa.Connection, session: SessionId) -> list[RollCall]:
    """Every roll call of a session, the oldest first."""
    return _calls(conn, roll_call.c.session == session)


def _calls(conn: sa.Connection, which: sa.ColumnElement[bool]) -> list[RollCall]:
    sites: dict[str, set[SiteId]] = {}
    wanted = sa.select(roll_call_site).join(roll_call, roll_call.c.id == roll_call_site.c.roll_call)
    for row in conn.execute(wanted.where(which)):
        sites.setdefault(row.roll_call, set()).add(SiteId(row.site))
    rows = conn.execute(sa.select(roll_call).where(which).order_by(roll_call.c.at_ns))
    return [_call(row, frozenset(sites.get(row.id, ()))) for row in rows]


def calls_at(conn: sa.Connection, site: SiteId, since_ns: int) -> list[RollCall]:
    """Roll calls in which a site was asked, as if it alone had been, the oldest first."""
    asked = sa.select(roll_call).join(roll_call_site, roll_call_site.c.roll_call == roll_call.c.id)
    wanted = asked.where(roll_call_site.c.site == site, roll_call.c.at_ns >= since_ns).order_by(roll_call.c.at_ns)
    return [_call(row, frozenset({site})) for row in conn.execute(wanted)]


def _call(row: Any, sites: frozenset[SiteId]) -> RollCall:
    return RollCall(
        id=RollCallId(row.id),
        session=SessionId(row.session),
        at_ns=row.at_ns,
        nonce=row.nonce,
        ordered_by=row.ordered_by,
        sites=sites,
        frames=row.frames,
        span_ms=row.span_ms,
        kind=Kind(row.kind),
        policy=PicturePolicy(row.policy),
        keep_days=row.keep_days,
        tolerance=row.tolerance,
    )


def find_asked(conn: sa.Connection, call: RollCallId, site: SiteId) -> Asked | None:
    """What this site was asked for in a roll call; None when it was not."""
    columns = (roll_call.c.session, roll_call.c.nonce, roll_call.c.policy)
    joined = sa.select(*columns).join(roll_call_site, roll_call_site.c.roll_call == roll_call.c.id)
    row = conn.execute(joined.where(roll_call.c.id == call, roll_call_site.c.site == site)).first()
    return Asked(SessionId(row.session), bytes(row.nonce), PicturePolicy(row.policy)) if row else None


def insert_count(conn: sa.Connection, count: SiteCount, picture: bytes | None) -> bool:
    """Keep the first sworn count of a site in a roll call; False when there is one already.

    A count that is not as it was sworn stands until a sworn one comes. Of the one that does not stand the evidence
    alone is kept, without its picture: the next evidence of the site may build on it.
    """
    mine = (site_count.c.roll_call == count.roll_call) & (site_count.c.site == count.site)
    values = {**msgspec.structs.asdict(count), "picture": picture}
    first = conn.execute(sa.select(site_count.c.verified, *(site_count.c[name] for name in _AGAIN)).where(mine)).first()
    if first is None:
        conn.execute(site_count.insert().values(values))
        return True
    takes_over = count.verified and not first.verified
    if first.evidence != count.evidence:
        beside = first if takes_over else count
        conn.execute(count_again.insert().values({name: getattr(beside, name) for name in _AGAIN}))
    if takes_over:
        conn.execute(site_count.update().where(mine).values(values))
    return takes_over


_AGAIN = ("roll_call", "site", "received_ns", "evidence", "signature")


def load_counts(conn: sa.Connection, calls: list[RollCallId], site: SiteId | None = None) -> list[SiteCount]:
    """All counts of these roll calls, or those of one site."""
    columns = [column for column in site_count.c if column.name != "picture"]
    wanted = sa.select(*columns).where(site_count.c.roll_call.in_(calls))
    if site is not None:
        wanted = wanted.where(site_count.c.site == site)
    return [SiteCount(**row) for row in conn.execute(wanted).mappings()]


def insert_erasure(conn: sa.Connection, erasure: Erasure) -> None:
    """The proof that a picture is no more."""
    conn.execute(picture_erasure.insert().values(**msgspec.structs.asdict(erasure)))


def insert_declared(conn: sa.Connection, declared: Declared) -> None:
    """One more declared number; earlier ones stay."""
    conn.execute(declared_count.insert().values(**msgspec.structs.asdict(declared)))


def load_declared(conn: sa.Connection, since_ns: int, calls: list[RollCallId]) -> list[Declared]:
    """Declared numbers given at or after ``since_ns``, or for one of these roll calls, in the order they came."""
    return declared_where(conn, (declared_count.c.at_ns >= since_ns) | declared_count.c.roll_call.in_(calls))


def declared_where(conn: sa.Connection, which: sa.ColumnElement[bool]) -> list[Declared]:
    """Declared numbers in the order they came."""
    wanted = sa.select(declared_count).where(which).order_by(declared_count.c.id)
    return [
        Declared(
            roll_call=RollCallId(row.roll_call) if row.roll_call else None,
            site=SiteId(row.site),
            number=row.number,
            at_ns=row.at_ns,
            by=row.by,
            signed_by=row.signed_by,
            word=row.word,
            listed=row.listed,
        )
        for row in conn.execute(wanted)
    ]
