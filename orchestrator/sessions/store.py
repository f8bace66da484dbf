"""Rows <-> sessions."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.errors import Refused
from orchestrator.sessions.model import Session, SessionOrder, SessionState
from orchestrator.storage.schema.sessions import session as table
from orchestrator.storage.schema.sessions import session_order, session_site
from wire.ids import PersonId, SessionId, SiteId


def insert(conn: sa.Connection, session: Session) -> None:
    """A new session with its sites."""
    conn.execute(
        table.insert().values(
            id=session.id,
            topic=session.topic,
            lecturer=session.lecturer,
            lecturer_name=session.lecturer_name,
            starts_ns=session.starts_ns,
            ends_ns=session.ends_ns,
            state=session.state,
            version=session.version,
            fence=session.fence,
        )
    )
    conn.execute(session_site.insert(), [{"session": session.id, "site": site} for site in sorted(session.sites)])


def load_all(conn: sa.Connection) -> list[Session]:
    """Every session, the latest start first."""
    sites: dict[str, set[SiteId]] = {}
    for row in conn.execute(sa.select(session_site)):
        sites.setdefault(row.session, set()).add(SiteId(row.site))
    rows = conn.execute(sa.select(table).order_by(table.c.starts_ns.desc(), table.c.id))
    return [_session(row, frozenset(sites.get(row.id, ()))) for row in rows]


def _session(row: sa.Row[tuple[object, ...]], sites: frozenset[SiteId]) -> Session:
    return Session(
        id=SessionId(row.id),
        topic=row.topic,
        lecturer=PersonId(row.lecturer) if row.lecturer else None,
        lecturer_name=row.lecturer_name,
        starts_ns=row.starts_ns,
        ends_ns=row.ends_ns,
        sites=sites,
        state=SessionState(row.state),
        version=row.version,
        fence=row.fence,
    )


def apply(conn: sa.Connection, session: Session, order: SessionOrder, who: str, at_ns: int) -> None:
    """Write an applied order. Refused when another owner or another order came first."""
    changed = conn.execute(
        table.update()
        .where(table.c.id == session.id, table.c.version == session.version - 1, table.c.fence <= session.fence)
        .values(state=session.state, version=session.version, fence=session.fence)
    )
    if changed.rowcount != 1:
        raise Refused("conflict", "Buổi học vừa được người khác thay đổi. / Someone else was faster.", 409)
    conn.execute(
        session_order.insert().values(
            session=session.id, version=session.version, at_ns=at_ns, who=who, order=order, state=session.state
        )
    )
