"""Rows <-> lines of the chats between operators and site desks."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from orchestrator.storage.schema.orders import chat_closed, chat_line
from wire.ids import OrderId, SiteId

Connection = sa.Connection
_LINE = chat_line.c


class ChatRow(msgspec.Struct, frozen=True):
    """A line. `place` orders all lines; `person` is empty when the site's desk wrote; `delivered_ns` when the other
    side had it."""

    place: int
    id: OrderId
    site: SiteId
    from_site: bool
    person: str
    said_by: str
    text: str
    at_ns: int
    delivered_ns: int | None
    session: str | None


class Talk(msgspec.Struct, frozen=True):
    """One site's conversation: its newest line, how many lines, and through which line it was called finished."""

    last: ChatRow
    lines: int
    closed: int

    @property
    def open(self) -> bool:
        """Whether something was said after it was called finished."""
        return self.last.place > self.closed


def insert(
    conn: Connection,
    line: ChatRow,
    received_ns: int,
) -> ChatRow | None:
    """Keep a line; the row with its place, None when a line of this id is there already."""
    if conn.execute(sa.select(_LINE.place).where(_LINE.id == line.id)).first() is not None:
        return None
    fields = msgspec.structs.asdict(line)
    del fields["place"]
    made = conn.execute(chat_line.insert().values(**fields, received_ns=received_ns))
    assert made.inserted_primary_key is not None
    return msgspec.structs.replace(line, place=int(made.inserted_primary_key[0]))


def lines_of(conn: Connection, site: SiteId, limit: int) -> list[ChatRow]:
    """The last lines of a site, the oldest first."""
    rows = conn.execute(
        sa.select(chat_line).where(_LINE.site == site).order_by(_LINE.place.desc()).limit(limit)
    ).fetchall()
    return [_row(row) for row in reversed(rows)]


def lines_in(conn: Connection, sessions: Iterable[str]) -> list[ChatRow]:
    """Every line that was written while one of these sessions was on at its site."""
    wanted = _LINE.session.in_(sorted(sessions))
    return [_row(row) for row in conn.execute(sa.select(chat_line).where(wanted).order_by(_LINE.place))]


def undelivered(conn: Connection, since_ns: int) -> list[ChatRow]:
    """Lines to sites that no site has confirmed, written since then."""
    wanted = sa.and_(_LINE.from_site.is_(False), _LINE.delivered_ns.is_(None), _LINE.at_ns >= since_ns)
    return [_row(row) for row in conn.execute(sa.select(chat_line).where(wanted).order_by(_LINE.place))]


def delivered(conn: Connection, line: OrderId, at_ns: int) -> None:
    conn.execute(chat_line.update().where(_LINE.id == line, _LINE.delivered_ns.is_(None)).values(delivered_ns=at_ns))


def talks(conn: Connection) -> list[Talk]:
    """Every site's conversation."""
    ends = sa.select(_LINE.site, sa.func.max(_LINE.place).label("place"), sa.func.count().label("lines"))
    last = ends.group_by(_LINE.site).subquery()
    rows = conn.execute(
        sa.select(chat_line, last.c.lines, sa.func.coalesce(chat_closed.c.through, 0).label("closed"))
        .join(last, last.c.place == _LINE.place)
        .outerjoin(chat_closed, chat_closed.c.site == _LINE.site)
    )
    return [Talk(_row(row), row.lines, row.closed) for row in rows]


def close(conn: Connection, site: SiteId, through: int) -> None:
    """Call a conversation finished up to this line."""
    moved = conn.execute(chat_closed.update().where(chat_closed.c.site == site).values(through=through))
    if moved.rowcount == 0:
        conn.execute(chat_closed.insert().values(site=site, through=through))


def _row(row: sa.Row[tuple[object, ...]]) -> ChatRow:
    return ChatRow(
        place=row.place,
        id=OrderId(row.id),
        site=SiteId(row.site),
        from_site=row.from_site,
        person=row.person,
        said_by=row.said_by,
        text=row.text,
        at_ns=row.at_ns,
        delivered_ns=row.delivered_ns,
        session=row.session,
    )
