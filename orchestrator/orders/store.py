"""Rows <-> orders and where they stand, pieces of collected logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
import sqlalchemy as sa

from orchestrator.orders.model import OPEN, Author, Order, OrderState, Told
from orchestrator.storage.schema.orders import order_at_site, site_log_piece
from orchestrator.storage.schema.orders import site_order as table
from wire.ids import OrderId, SiteId
from wire.orders import LogPiece, OrderKind

Connection = sa.Connection
_HERE = order_at_site.c


class KeptLog(msgspec.Struct, frozen=True):
    """A log that a site sent for an order, whole: bytes of gzip, when its last piece came."""

    size: int
    received_ns: int


def insert(conn: Connection, order: Order, sites: Iterable[SiteId], told: Told) -> None:
    """A new order, standing alike at every site."""
    fields = msgspec.structs.asdict(order)
    by = fields.pop("by")
    conn.execute(table.insert().values(**fields, **msgspec.structs.asdict(by)))
    standing = msgspec.structs.asdict(told)
    conn.execute(order_at_site.insert(), [{"order": order.id, "site": site, **standing} for site in sorted(sites)])


def find(conn: Connection, order: str) -> Order | None:
    row = conn.execute(sa.select(table).where(table.c.id == order)).first()
    return _order(row) if row else None


def newest(conn: Connection, limit: int) -> list[Order]:
    """The last orders, the newest first."""
    return [_order(row) for row in conn.execute(sa.select(table).order_by(table.c.at_ns.desc()).limit(limit))]


def newest_at(conn: Connection, site: SiteId, limit: int) -> list[tuple[Order, Told]]:
    """The last orders that meant a site, the newest first, and where each stands there."""
    mine = sa.select(_HERE.order).where(_HERE.site == site)
    rows = conn.execute(sa.select(table).where(table.c.id.in_(mine)).order_by(table.c.at_ns.desc()).limit(limit)).all()
    here = sa.select(order_at_site).where(_HERE.site == site, _HERE.order.in_([row.id for row in rows]))
    stands = {row.order: _told(row) for row in conn.execute(here)}
    return [(_order(row), stands[row.id]) for row in rows]


def unexpired(conn: Connection, now_ns: int) -> list[Order]:
    """Orders whose time is not over or that still stand open at a site."""
    still = sa.select(_HERE.order).where(_HERE.state.in_(sorted(OPEN)))
    wanted = sa.or_(table.c.expires_ns > now_ns, table.c.id.in_(still))
    return [_order(row) for row in conn.execute(sa.select(table).where(wanted).order_by(table.c.at_ns))]


def standing(conn: Connection, order: OrderId) -> dict[SiteId, Told]:
    """Where an order stands at each of its sites."""
    rows = conn.execute(sa.select(order_at_site).where(_HERE.order == order))
    return {SiteId(row.site): _told(row) for row in rows}


def told(conn: Connection, order: str, site: SiteId) -> Told | None:
    """Where an order stands at a site; None when the site was not meant."""
    row = conn.execute(sa.select(order_at_site).where(_HERE.order == order, _HERE.site == site)).first()
    return _told(row) if row else None


def step(conn: Connection, order: OrderId, site: SiteId, before: Told, now: Told) -> bool:
    """Move an order at a site; False when it was moved by somebody else meanwhile."""
    moved = conn.execute(
        order_at_site.update()
        .where(_HERE.order == order, _HERE.site == site, _HERE.state == before.state)
        .values(**msgspec.structs.asdict(now))
    )
    return moved.rowcount == 1


def counts(conn: Connection, orders: Iterable[OrderId]) -> dict[OrderId, Counter[OrderState]]:
    """At how many sites each order stands how."""
    wanted = _HERE.order.in_(sorted(orders))
    rows = conn.execute(
        sa.select(_HERE.order, _HERE.state, sa.func.count()).where(wanted).group_by(_HERE.order, _HERE.state)
    )
    found: dict[OrderId, Counter[OrderState]] = {}
    for order, state, number in rows:
        found.setdefault(OrderId(order), Counter())[OrderState(state)] = number
    return found


def withdraw(conn: Connection, order: OrderId, at_ns: int) -> None:
    conn.execute(table.update().where(table.c.id == order).values(withdrawn_ns=at_ns))


def keep_piece(conn: Connection, site: SiteId, piece: LogPiece, at_ns: int) -> None:
    """Keep a piece; one that is there already stays as it is.

    Pieces come in order, so a first piece is the beginning of a pack: of one that a site began before its program
    stopped, and packed anew afterwards, nothing may stay between the pieces of the new one.
    """
    c = site_log_piece.c
    if piece.place == 0:
        conn.execute(site_log_piece.delete().where(c.order == piece.order, c.site == site))
    there = sa.select(c.place).where(c.order == piece.order, c.site == site, c.place == piece.place)
    if conn.execute(there).first() is None:
        conn.execute(
            site_log_piece.insert().values(
                order=piece.order,
                site=site,
                place=piece.place,
                pieces=piece.pieces,
                octets=piece.octets,
                received_ns=at_ns,
            )
        )


def logs(conn: Connection, order: OrderId) -> Mapping[SiteId, KeptLog]:
    """The whole logs that came for an order."""
    c = site_log_piece.c
    rows = conn.execute(
        sa.select(c.site, sa.func.sum(sa.func.length(c.octets)).label("size"), sa.func.max(c.received_ns).label("at"))
        .where(c.order == order)
        .group_by(c.site)
        .having(sa.func.count() == sa.func.max(c.pieces))
    )
    return {SiteId(row.site): KeptLog(int(row.size), int(row.at)) for row in rows}


def log_of(conn: Connection, order: str, site: str) -> bytes | None:
    """A site's whole log as gzip; None when there is none, or not all of it."""
    c = site_log_piece.c
    rows = conn.execute(
        sa.select(c.pieces, c.octets).where(c.order == order, c.site == site).order_by(c.place)
    ).fetchall()
    return b"".join(row.octets for row in rows) if rows and len(rows) == rows[0].pieces else None


def drop_logs(conn: Connection, before_ns: int) -> int:
    """Forget logs that came before this moment; how many pieces."""
    return conn.execute(site_log_piece.delete().where(site_log_piece.c.received_ns < before_ns)).rowcount


def _order(row: sa.Row[tuple[object, ...]]) -> Order:
    return Order(
        id=OrderId(row.id),
        kind=OrderKind(row.kind),
        scope=row.scope,
        by=Author(row.person, row.username, row.name, row.role),
        at_ns=row.at_ns,
        leaves_ns=row.leaves_ns,
        expires_ns=row.expires_ns,
        forced=row.forced,
        text_vi=row.text_vi,
        text_en=row.text_en,
        withdrawn_ns=row.withdrawn_ns,
    )


def _told(row: sa.Row[tuple[object, ...]]) -> Told:
    return Told(OrderState(row.state), row.reason, row.sent_ns, row.seen_ns, row.ended_ns, row.times, row.roll_call)
