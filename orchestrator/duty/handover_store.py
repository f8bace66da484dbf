"""Rows <-> hand-overs."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.duty.handover import Handover, HandoverState, Sheet
from orchestrator.storage.schema.duty import duty_handover

Connection = sa.Connection
_COLUMNS = [column for column in duty_handover.c if column.name != "contents"]


def insert(conn: Connection, handover: Handover, sheet: Sheet) -> None:
    conn.execute(duty_handover.insert().values(**msgspec.structs.asdict(handover), contents=msgspec.json.encode(sheet)))


def handover(conn: Connection, handover_id: str) -> Handover | None:
    row = conn.execute(sa.select(*_COLUMNS).where(duty_handover.c.id == handover_id)).first()
    return _handover(row) if row else None


def sheet(conn: Connection, handover_id: str) -> Sheet | None:
    """The list as it was handed over."""
    contents = conn.scalar(sa.select(duty_handover.c.contents).where(duty_handover.c.id == handover_id))
    return msgspec.json.decode(contents, type=Sheet) if contents is not None else None


def put(conn: Connection, known: Handover, after: Handover) -> bool:
    """Write a step on the version that was seen; False when somebody was faster."""
    seen = (duty_handover.c.id == known.id) & (duty_handover.c.version == known.version)
    values = {"state": after.state, "decided_ns": after.decided_ns, "version": after.version}
    return conn.execute(duty_handover.update().where(seen).values(**values)).rowcount == 1


def offers_of(conn: Connection, giver: str) -> list[Handover]:
    """What a giver has offered and nobody has decided."""
    mine = (duty_handover.c.giver == giver) & (duty_handover.c.state == HandoverState.OFFERED)
    return [_handover(row) for row in conn.execute(sa.select(*_COLUMNS).where(mine))]


def open_offers(conn: Connection) -> list[Handover]:
    """All that is offered and that nobody has decided, the oldest first."""
    wanted = sa.select(*_COLUMNS).where(duty_handover.c.state == HandoverState.OFFERED).order_by(duty_handover.c.at_ns)
    return [_handover(row) for row in conn.execute(wanted)]


def newest(conn: Connection, limit: int) -> list[Handover]:
    wanted = sa.select(*_COLUMNS).order_by(duty_handover.c.at_ns.desc()).limit(limit)
    return [_handover(row) for row in conn.execute(wanted)]


def last_taken_ns(conn: Connection, person: str) -> int | None:
    """When somebody last took a shift over."""
    mine = (duty_handover.c.taker == person) & (duty_handover.c.state == HandoverState.ACCEPTED)
    found: int | None = conn.scalar(sa.select(sa.func.max(duty_handover.c.decided_ns)).where(mine))
    return found


def _handover(row: Any) -> Handover:
    return Handover(
        id=row.id,
        giver=row.giver,
        giver_name=row.giver_name,
        taker=row.taker,
        taker_name=row.taker_name,
        at_ns=row.at_ns,
        since_ns=row.since_ns,
        note=row.note,
        state=HandoverState(row.state),
        decided_ns=row.decided_ns,
        version=row.version,
    )
