"""Rows <-> the orders of rungs. An order that is taken back leaves its row, with an empty rung."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.media.port import Rung
from orchestrator.media.rungs import RungOrder
from orchestrator.storage.schema.rungs import session_rung
from wire.ids import SessionId, SiteId


def standing(conn: sa.Connection, session: SessionId) -> dict[str, RungOrder]:
    """What stands ordered in a session, by site."""
    wanted = sa.select(session_rung).where(session_rung.c.session == session, session_rung.c.rung != "")
    return {row.site: RungOrder(Rung(row.rung), row.by, row.at_ns) for row in conn.execute(wanted)}


def put(conn: sa.Connection, session: SessionId, site: SiteId, order: RungOrder | None, by: str, at_ns: int) -> None:
    """Write what is ordered from now on; None: nothing. The last word counts."""
    values = {"rung": order.rung.value if order is not None else "", "by": by, "at_ns": at_ns}
    same = sa.and_(session_rung.c.session == session, session_rung.c.site == site)
    if conn.execute(session_rung.update().where(same).values(**values)).rowcount == 0:
        conn.execute(session_rung.insert().values(session=session, site=site, **values))
