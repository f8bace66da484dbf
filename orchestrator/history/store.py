"""Rows <-> changes, spans, events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.history.timeline import CENTRE, Change
from orchestrator.storage.schema.history import history_mark, site_change, site_event, site_span
from wire.health import Span
from wire.ids import SiteId

Connection = sa.Connection
MOST_ROWS = 20_000
"""Rows of one kind that one question reads at most, the newest: a lane of more could not be drawn."""
_MOST_IN = 500


class SiteChange(msgspec.Struct, frozen=True):
    """A change at a site; ``site`` empty: the centre itself."""

    site: str
    facet: str
    at_ns: int
    state: str


class SiteEvent(msgspec.Struct, frozen=True):
    """Something that happened."""

    site: str
    at_ns: int
    kind: str
    severity: int
    params: dict[str, Any]


def add_changes(conn: Connection, changes: Sequence[SiteChange]) -> None:
    if changes:
        conn.execute(site_change.insert(), [msgspec.structs.asdict(change) for change in changes])


def add_events(conn: Connection, events: Sequence[SiteEvent]) -> None:
    if events:
        rows = [
            {**msgspec.structs.asdict(event), "params": msgspec.json.encode(event.params).decode()} for event in events
        ]
        conn.execute(site_event.insert(), rows)


def add_spans(conn: Connection, site: SiteId, ledger: str, spans: Sequence[Span], now_ns: int) -> int:
    """Keep spans that are not here yet; returns how many were new."""
    mine = (site_span.c.site == site) & (site_span.c.ledger == ledger)
    known: set[int] = set()
    rows = [span.row for span in spans]
    for some in (rows[at : at + _MOST_IN] for at in range(0, len(rows), _MOST_IN)):
        known.update(conn.scalars(sa.select(site_span.c.row).where(mine, site_span.c.row.in_(some))))
    fresh = {span.row: span for span in spans if span.row not in known}
    if fresh:
        whose = {"site": site, "ledger": ledger, "received_ns": now_ns}
        conn.execute(site_span.insert(), [{**whose, **msgspec.structs.asdict(span)} for span in fresh.values()])
    return len(fresh)


def changes(conn: Connection, site: SiteId, from_ns: int, until_ns: int) -> list[Change]:
    """A site's changes and the centre's own in a window, with the last one of each facet before it."""
    here = site_change.c.site.in_((site, ""))
    last = (
        sa.select(site_change.c.site, site_change.c.facet, sa.func.max(site_change.c.at_ns).label("at_ns"))
        .where(here, site_change.c.at_ns <= from_ns)
        .group_by(site_change.c.site, site_change.c.facet)
        .subquery()
    )
    before = sa.select(site_change).join(
        last,
        (site_change.c.site == last.c.site)
        & (site_change.c.facet == last.c.facet)
        & (site_change.c.at_ns == last.c.at_ns),
    )
    within = (
        sa.select(site_change)
        .where(here, site_change.c.at_ns > from_ns, site_change.c.at_ns < until_ns)
        .order_by(site_change.c.at_ns.desc(), site_change.c.id.desc())
        .limit(MOST_ROWS)
    )
    rows = [*conn.execute(before.order_by(site_change.c.id)), *reversed(conn.execute(within).all())]
    return [_change(row) for row in rows]


def _change(row: Any) -> Change:
    # The centre's line has a name of its own, so that a site's can never pass for it.
    return Change(CENTRE if row.site == "" else row.facet, row.at_ns, row.state)


def spans(conn: Connection, site: SiteId, from_ns: int, until_ns: int) -> list[Span]:
    """What a site told afterwards of a window."""
    wanted = (
        sa.select(site_span)
        .where(site_span.c.site == site, site_span.c.until_ns > from_ns, site_span.c.from_ns < until_ns)
        .order_by(site_span.c.from_ns.desc())
        .limit(MOST_ROWS)
    )
    rows = conn.execute(wanted).all()
    return [Span(row.row, row.facet, row.state, row.from_ns, row.until_ns, row.sure) for row in reversed(rows)]


def events(conn: Connection, site: SiteId, from_ns: int, until_ns: int, limit: int) -> list[SiteEvent]:
    """What happened at a site in a window, the newest first."""
    wanted = (
        sa.select(site_event)
        .where(site_event.c.site == site, site_event.c.at_ns >= from_ns, site_event.c.at_ns < until_ns)
        .order_by(site_event.c.at_ns.desc(), site_event.c.id.desc())
        .limit(limit)
    )
    return [
        SiteEvent(row.site, row.at_ns, row.kind, row.severity, msgspec.json.decode(row.params))
        for row in conn.execute(wanted)
    ]


def mark(conn: Connection) -> int | None:
    """When the centre was last known to watch."""
    return conn.scalar(sa.select(history_mark.c.at_ns))


def set_mark(conn: Connection, now_ns: int) -> None:
    if conn.execute(history_mark.update().values(at_ns=now_ns)).rowcount == 0:
        conn.execute(history_mark.insert().values(one=1, at_ns=now_ns))


def forget(conn: Connection, before_ns: int) -> int:
    """Let go of what is older, but for the last state of each facet; returns how many rows went."""
    last = sa.select(sa.func.max(site_change.c.id)).group_by(site_change.c.site, site_change.c.facet)
    old_change = (site_change.c.at_ns < before_ns) & site_change.c.id.not_in(last)
    old = (
        site_change.delete().where(old_change),
        site_span.delete().where(site_span.c.until_ns < before_ns),
        site_event.delete().where(site_event.c.at_ns < before_ns),
    )
    return sum(conn.execute(each).rowcount for each in old)
