"""Rows <-> certificates, rules, waivers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.readiness.model import Held, Rule, Waiver
from orchestrator.storage.schema.readiness import certificate, readiness_rule, readiness_waiver
from wire.ids import EnrolmentId, RehearsalId, SiteId
from wire.readiness import Check, CheckName

Connection = sa.Connection
_MOST_IN = 500
"""Values in one IN list: SQLite's oldest limit on variables is 999."""
_encoder = msgspec.msgpack.Encoder()
_checks = msgspec.msgpack.Decoder(list[Check])


def insert_certificate(conn: Connection, held: Held) -> bool:
    """Keep a certificate; False when one with this id is there already."""
    if conn.execute(sa.select(certificate.c.id).where(certificate.c.id == held.id)).first() is not None:
        return False
    conn.execute(certificate.insert().values(**msgspec.structs.asdict(held) | {"checks": _encoder.encode(held.checks)}))
    return True


def newest(conn: Connection, sites: Collection[SiteId] | None = None) -> list[Held]:
    """The newest certificate of each of these sites, or of all: the last that came, whatever a site's clock said."""
    wanted = sorted(sites) if sites is not None else None
    if wanted is not None and len(wanted) > _MOST_IN:
        half = len(wanted) // 2
        return newest(conn, wanted[:half]) + newest(conn, wanted[half:])
    last = sa.select(certificate.c.site, sa.func.max(certificate.c.received_ns).label("received_ns")).group_by(
        certificate.c.site
    )
    if wanted is not None:
        last = last.where(certificate.c.site.in_(wanted))
    joined = last.subquery()
    same = (certificate.c.site == joined.c.site) & (certificate.c.received_ns == joined.c.received_ns)
    return [_held(row) for row in conn.execute(sa.select(certificate).join(joined, same))]


def desks(conn: Connection) -> dict[SiteId, str]:
    """What candidates open at each site that has said so in its newest certificate."""
    return {held.site: check.desk for held in newest(conn) for check in held.checks if check.desk}


def history(conn: Connection, site: SiteId, limit: int) -> list[Held]:
    """The newest certificates of a site, the newest first."""
    mine = (
        sa.select(certificate).where(certificate.c.site == site).order_by(certificate.c.received_ns.desc()).limit(limit)
    )
    return [_held(row) for row in conn.execute(mine)]


def by_ids(conn: Connection, ids: Collection[str]) -> dict[str, Held]:
    """These certificates."""
    found: dict[str, Held] = {}
    wanted = sorted(ids)
    for first in range(0, len(wanted), _MOST_IN):
        part = sa.select(certificate).where(certificate.c.id.in_(wanted[first : first + _MOST_IN]))
        found |= {row.id: _held(row) for row in conn.execute(part)}
    return found


def prune(conn: Connection, before_ns: int) -> int:
    """Let go of certificates older than that, but for each site's newest and those of rehearsals; returns how many."""
    last = sa.select(sa.func.max(certificate.c.received_ns)).group_by(certificate.c.site)
    old = (
        (certificate.c.received_ns < before_ns)
        & certificate.c.rehearsal.is_(None)
        & certificate.c.received_ns.not_in(last)
    )
    return conn.execute(certificate.delete().where(old)).rowcount


def _held(row: Any) -> Held:
    return Held(
        row.id,
        SiteId(row.site),
        EnrolmentId(row.enrolment),
        row.at_ns,
        row.received_ns,
        RehearsalId(row.rehearsal) if row.rehearsal else None,
        row.agent_version,
        row.platform,
        _checks.decode(row.checks),
    )


def rules(conn: Connection) -> dict[str, Rule]:
    """Each scope's rule; the scope of the province is empty."""
    rows = conn.execute(sa.select(readiness_rule.c.scope, readiness_rule.c.rule))
    return {row.scope: msgspec.json.decode(row.rule, type=Rule) for row in rows}


def put_rule(conn: Connection, scope: str, rule: Rule | None, by: str, now: int) -> None:
    """Set a scope's rule; None takes it back."""
    conn.execute(readiness_rule.delete().where(readiness_rule.c.scope == scope))
    if rule is not None:
        text = msgspec.json.encode(rule).decode()
        conn.execute(readiness_rule.insert().values(scope=scope, rule=text, changed_by=by, changed_ns=now))


def insert_waiver(conn: Connection, waiver: Waiver) -> None:
    conn.execute(readiness_waiver.insert().values(**msgspec.structs.asdict(waiver)))


def withdraw_waiver(conn: Connection, waiver: str, by: str, now: int) -> Waiver | None:
    """End a waiver now; None when there is none that could be ended."""
    mine = (readiness_waiver.c.id == waiver) & readiness_waiver.c.withdrawn_ns.is_(None)
    if conn.execute(readiness_waiver.update().where(mine).values(withdrawn_by=by, withdrawn_ns=now)).rowcount != 1:
        return None
    return _waiver(conn.execute(sa.select(readiness_waiver).where(readiness_waiver.c.id == waiver)).one())


def waivers(conn: Connection, after_ns: int) -> list[Waiver]:
    """Those that end after that and were not withdrawn."""
    mine = (readiness_waiver.c.until_ns > after_ns) & readiness_waiver.c.withdrawn_ns.is_(None)
    return [_waiver(row) for row in conn.execute(sa.select(readiness_waiver).where(mine))]


def waivers_of(conn: Connection, site: SiteId) -> list[Waiver]:
    """All waivers a site ever had, the newest first."""
    mine = sa.select(readiness_waiver).where(readiness_waiver.c.site == site)
    return [_waiver(row) for row in conn.execute(mine.order_by(readiness_waiver.c.at_ns.desc()))]


def _waiver(row: Any) -> Waiver:
    return Waiver(
        row.id,
        SiteId(row.site),
        CheckName(row.check),
        row.reason,
        row.why,
        row.by,
        row.at_ns,
        row.until_ns,
        row.withdrawn_by,
        row.withdrawn_ns,
    )
