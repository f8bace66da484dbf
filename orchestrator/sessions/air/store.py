"""Rows <-> orders and turns of the air."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.errors import Refused
from orchestrator.media.port import Want
from orchestrator.sessions.air.model import Turn, Wish
from orchestrator.storage.schema.air import session_air, session_air_turn
from wire.ids import SessionId


def load_wishes(conn: sa.Connection) -> dict[SessionId, Wish]:
    """What stands ordered, by session."""
    return {SessionId(row.session): _wish(row) for row in conn.execute(sa.select(session_air))}


def _wish(row: sa.Row[tuple[object, ...]]) -> Wish:
    return Wish(Want(row.want), row.standby_armed, row.auto_return, row.resumes_ns, row.by, row.version)


def put_wish(conn: sa.Connection, session: SessionId, wish: Wish) -> None:
    """Write an order on the version before it. Refused ``conflict`` when another came first."""
    values = {
        "want": wish.want.value,
        "standby_armed": wish.standby_armed,
        "auto_return": wish.auto_return,
        "resumes_ns": wish.resumes_ns,
        "by": wish.by,
        "version": wish.version,
    }
    if wish.version == 1:
        found = conn.execute(sa.select(session_air.c.version).where(session_air.c.session == session)).first()
        if found is None:
            conn.execute(session_air.insert().values(session=session, **values))
            return
    same = sa.and_(session_air.c.session == session, session_air.c.version == wish.version - 1)
    if conn.execute(session_air.update().where(same).values(**values)).rowcount != 1:
        raise Refused("conflict", "Lệnh phát sóng vừa được người khác thay đổi. / Someone else was faster.", 409)


def last_turns(conn: sa.Connection) -> dict[SessionId, tuple[Turn, bool]]:
    """The newest turn of each session, and whether a person ever was on its air."""
    newest = (
        sa.select(session_air_turn.c.session, sa.func.max(session_air_turn.c.number).label("number"))
        .group_by(session_air_turn.c.session)
        .subquery()
    )
    persons = sa.select(session_air_turn.c.session).where(session_air_turn.c.seat.in_(("lecturer", "standby")))
    spoken = set(conn.execute(persons).scalars())
    both = sa.and_(session_air_turn.c.session == newest.c.session, session_air_turn.c.number == newest.c.number)
    rows = conn.execute(sa.select(session_air_turn).join(newest, both))
    return {SessionId(row.session): (_turn(row), row.session in spoken) for row in rows}


def turns(conn: sa.Connection, session: SessionId, most: int) -> list[Turn]:
    """The newest ``most`` turns of a session, the oldest of them first."""
    wanted = sa.select(session_air_turn).where(session_air_turn.c.session == session)
    rows = conn.execute(wanted.order_by(session_air_turn.c.number.desc()).limit(most))
    return [_turn(row) for row in rows][::-1]


def _turn(row: sa.Row[tuple[object, ...]]) -> Turn:
    return Turn(row.number, row.seat, row.why, row.by, row.from_ns, row.until_ns)


def end_turn(conn: sa.Connection, session: SessionId, number: int, until_ns: int) -> None:
    """A turn is over; harmless twice."""
    same = sa.and_(
        session_air_turn.c.session == session,
        session_air_turn.c.number == number,
        session_air_turn.c.until_ns.is_(None),
    )
    conn.execute(session_air_turn.update().where(same).values(until_ns=until_ns))


def begin_turn(conn: sa.Connection, session: SessionId, turn: Turn) -> None:
    """Write a turn's beginning, and with it the end of the one before."""
    end_turn(conn, session, turn.number - 1, turn.from_ns)
    conn.execute(
        session_air_turn.insert().values(
            session=session,
            number=turn.number,
            seat=turn.seat,
            why=turn.why,
            by=turn.by,
            from_ns=turn.from_ns,
            until_ns=turn.until_ns,
        )
    )
