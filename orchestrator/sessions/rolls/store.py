"""Rows <-> plans of roll calls: a change is a new version, the newest holds."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.attendance.model import Kind
from orchestrator.sessions.rolls.model import Held, RollPlan
from orchestrator.storage.schema.attendance import roll_call, roll_plan
from wire.ids import SessionId


def insert_plan(conn: sa.Connection, session: SessionId, plan: RollPlan, who: str, at_ns: int) -> int:
    """One more version; returns which."""
    newest = sa.select(sa.func.max(roll_plan.c.version)).where(roll_plan.c.session == session)
    version = (conn.execute(newest).scalar() or 0) + 1
    conn.execute(
        roll_plan.insert().values(
            session=session,
            version=version,
            at_start=plan.at_start,
            after_break=plan.after_break,
            at_random=plan.at_random,
            settle_s=plan.settle_s,
            apart_s=plan.apart_s,
            at_ns=at_ns,
            who=who,
        )
    )
    return version


def find_plan(conn: sa.Connection, session: SessionId) -> RollPlan | None:
    """The plan that holds; None: roll calls on order only."""
    wanted = sa.select(roll_plan).where(roll_plan.c.session == session).order_by(roll_plan.c.version.desc()).limit(1)
    row = conn.execute(wanted).first()
    return RollPlan(row.at_start, row.after_break, row.at_random, row.settle_s, row.apart_s) if row else None


def held_calls(conn: sa.Connection, session: SessionId) -> list[Held]:
    """Every roll call of the session, the oldest first."""
    wanted = sa.select(roll_call.c.kind, roll_call.c.at_ns).where(roll_call.c.session == session)
    return [Held(Kind(row.kind), row.at_ns) for row in conn.execute(wanted.order_by(roll_call.c.at_ns))]
