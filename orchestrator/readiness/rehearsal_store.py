"""Rows <-> rehearsals and how far each site is in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from orchestrator.readiness.model import Held
from orchestrator.readiness.rehearsal import RUNNING, Kind, Rehearsal, SiteSteps, Stage
from orchestrator.storage.schema.readiness import rehearsal as table
from orchestrator.storage.schema.readiness import rehearsal_site
from wire.ids import RehearsalId, SiteId
from wire.readiness import CheckName, CheckState

Connection = sa.Connection
_INSERTED = 200
"""Rows in one statement."""
EARLIEST_NS = 60 * 10**9
"""What a site says of a start longer before it than any clock is wrong is of an earlier rehearsal."""


def insert(conn: Connection, rehearsal: Rehearsal) -> None:
    """A new rehearsal with its sites."""
    conn.execute(
        table.insert().values(
            id=rehearsal.id,
            kind=rehearsal.kind,
            title=rehearsal.title,
            from_ns=rehearsal.from_ns,
            t0_ns=rehearsal.t0_ns,
            until_ns=rehearsal.until_ns,
            stage=rehearsal.stage,
            before=rehearsal.before,
            start_ns=rehearsal.start_ns,
            replaces=rehearsal.replaces,
            by=rehearsal.by,
            planned_ns=rehearsal.planned_ns,
        )
    )
    rows = [{"rehearsal": rehearsal.id, "site": site, "reason": ""} for site in sorted(rehearsal.sites)]
    for first in range(0, len(rows), _INSERTED):
        conn.execute(rehearsal_site.insert(), rows[first : first + _INSERTED])


def put_stage(conn: Connection, rehearsal: Rehearsal, before: Stage) -> bool:
    """Write a stage; False when another came first."""
    mine = (table.c.id == rehearsal.id) & (table.c.stage == before)
    return conn.execute(table.update().where(mine).values(stage=rehearsal.stage)).rowcount == 1


def one(conn: Connection, rehearsal: str) -> Rehearsal | None:
    row = conn.execute(sa.select(table).where(table.c.id == rehearsal)).first()
    return _rehearsal(conn, row) if row else None


def running(conn: Connection) -> list[Rehearsal]:
    """Those planned and under way, by their simulated start."""
    rows = conn.execute(sa.select(table).where(table.c.stage.in_(sorted(RUNNING))).order_by(table.c.t0_ns))
    return [_rehearsal(conn, row) for row in rows.all()]


def newest(conn: Connection, limit: int) -> list[Rehearsal]:
    """The newest by simulated start; those that were moved only under their new start."""
    shown = sa.select(table).where(table.c.stage != Stage.MOVED).order_by(table.c.t0_ns.desc()).limit(limit)
    return [_rehearsal(conn, row) for row in conn.execute(shown).all()]


def practised(conn: Connection, before: Iterable[str]) -> dict[str, list[Rehearsal]]:
    """The practices of these sessions and exams, whatever became of them."""
    found: dict[str, list[Rehearsal]] = {}
    for row in conn.execute(sa.select(table).where(table.c.before.in_(sorted(before)))).all():
        found.setdefault(row.before, []).append(_rehearsal(conn, row))
    return found


def _rehearsal(conn: Connection, row: Any) -> Rehearsal:
    sites = conn.scalars(sa.select(rehearsal_site.c.site).where(rehearsal_site.c.rehearsal == row.id))
    return Rehearsal(
        id=RehearsalId(row.id),
        kind=Kind(row.kind),
        title=row.title,
        from_ns=row.from_ns,
        t0_ns=row.t0_ns,
        until_ns=row.until_ns,
        sites=frozenset(SiteId(site) for site in sites),
        by=row.by,
        planned_ns=row.planned_ns,
        stage=Stage(row.stage),
        before=row.before,
        start_ns=row.start_ns,
        replaces=RehearsalId(row.replaces) if row.replaces else None,
    )


# --- sites --------------------------------------------------------------------------------------------------------


def steps(conn: Connection, rehearsal: str) -> list[SiteSteps]:
    """How far every site is."""
    rows = conn.execute(sa.select(rehearsal_site).where(rehearsal_site.c.rehearsal == rehearsal))
    return [
        SiteSteps(
            site=SiteId(row.site),
            sent_ns=row.sent_ns,
            seen_ns=row.seen_ns,
            looked_ns=row.looked_ns,
            certificate=row.certificate,
            result=row.result,
            reason=row.reason,
            lo_ms=row.lo_ms,
            hi_ms=row.hi_ms,
        )
        for row in rows
    ]


def _of(rehearsal: str, site: SiteId) -> sa.ColumnElement[bool]:
    return (rehearsal_site.c.rehearsal == rehearsal) & (rehearsal_site.c.site == site)


def note_sent(conn: Connection, rehearsal: str, sites: Iterable[SiteId], now: int) -> None:
    """The order was put on the link of these sites; the first time counts."""
    for site in sites:
        first = _of(rehearsal, site) & rehearsal_site.c.sent_ns.is_(None)
        conn.execute(rehearsal_site.update().where(first).values(sent_ns=now))


def note_seen(conn: Connection, rehearsal: str, site: SiteId, now: int) -> bool:
    """The site has the order; False when it is no rehearsal of this site or was known."""
    first = _of(rehearsal, site) & rehearsal_site.c.seen_ns.is_(None)
    return conn.execute(rehearsal_site.update().where(first).values(seen_ns=now)).rowcount == 1


def note_certificate(conn: Connection, held: Held) -> None:
    """A certificate made in a rehearsal: the site has looked, and perhaps opened."""
    if held.rehearsal is None:
        return
    mine = _of(held.rehearsal, held.site)
    looked = sa.func.coalesce(rehearsal_site.c.looked_ns, held.made_ns)
    conn.execute(rehearsal_site.update().where(mine).values(looked_ns=looked, certificate=held.id))
    check = next((each for each in held.checks if each.name is CheckName.REHEARSAL), None)
    t0_ns = conn.scalar(sa.select(table.c.t0_ns).where(table.c.id == held.rehearsal))
    if check is None or t0_ns is None or check.state is CheckState.WAITING or check.at_ns < t0_ns - EARLIEST_NS:
        return
    told = {"lo_ms": check.figures.get("lo_ms"), "hi_ms": check.figures.get("hi_ms")}
    conn.execute(rehearsal_site.update().where(mine).values(result=check.state, reason=check.reason, **told))
