"""Rows whose time is over. Each function forgets at most ``most`` of the oldest and returns how many rows went.

What still stands is never forgotten, however old: an alarm that was not cleared, a site's last word in the book, an
order without its last answer.
"""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.alarms import alarm, alarm_event, alarm_site, alarm_work
from orchestrator.storage.schema.duty import duty_entry, duty_handover
from orchestrator.storage.schema.links import record_stream
from orchestrator.storage.schema.orders import chat_line, order_at_site, site_log_piece, site_order

Connection = sa.Connection

OPEN_ORDER = ("held", "waiting", "sent", "taken")
OFFERED = "offered"


def forget_alarms(conn: Connection, before_ns: int, most: int) -> int:
    """Alarms that were cleared before, with what happened to them; then what happened to none; then planned work."""
    over = sa.select(alarm.c.id).where(alarm.c.cleared_ns < before_ns).order_by(alarm.c.cleared_ns).limit(most)
    gone = list(conn.scalars(over))
    rows = _delete(conn, alarm_event, alarm_event.c.alarm.in_(gone)) if gone else 0
    if gone:
        conn.execute(alarm_site.delete().where(alarm_site.c.alarm.in_(gone)))
        rows += _delete(conn, alarm, alarm.c.id.in_(gone))
    # The newest event numbers the next one.
    newest = sa.select(sa.func.max(alarm_event.c.seq)).scalar_subquery()
    old = (alarm_event.c.at_ns < before_ns) & alarm_event.c.alarm.is_(None) & (alarm_event.c.seq < newest)
    rows += _oldest(conn, alarm_event, alarm_event.c.seq, old, most)
    return rows + _oldest(conn, alarm_work, alarm_work.c.id, alarm_work.c.until_ns < before_ns, most)


def forget_duty(conn: Connection, before_ns: int, most: int) -> int:
    """Lines of the shift's book but the last of each site, and hand-overs that were answered."""
    last = sa.select(sa.func.max(duty_entry.c.id)).group_by(duty_entry.c.site)
    old = (duty_entry.c.at_ns < before_ns) & duty_entry.c.id.not_in(last)
    answered = (duty_handover.c.at_ns < before_ns) & (duty_handover.c.state != OFFERED)
    rows = _oldest(conn, duty_entry, duty_entry.c.id, old, most)
    return rows + _oldest(conn, duty_handover, duty_handover.c.id, answered, most)


def forget_orders(conn: Connection, before_ns: int, most: int) -> int:
    """Orders that ended before, with where they stood and the logs that came for them."""
    still = sa.select(order_at_site.c.order).where(order_at_site.c.state.in_(OPEN_ORDER))
    over = (site_order.c.expires_ns < before_ns) & site_order.c.id.not_in(still)
    gone = list(conn.scalars(sa.select(site_order.c.id).where(over).order_by(site_order.c.expires_ns).limit(most)))
    if not gone:
        return 0
    conn.execute(site_log_piece.delete().where(site_log_piece.c.order.in_(gone)))
    conn.execute(order_at_site.delete().where(order_at_site.c.order.in_(gone)))
    return _delete(conn, site_order, site_order.c.id.in_(gone))


def forget_chat(conn: Connection, before_ns: int, most: int) -> int:
    """Lines that came before. The newest of all numbers the next one, so it stays until another comes."""
    newest = sa.select(sa.func.max(chat_line.c.place)).scalar_subquery()
    old = (chat_line.c.received_ns < before_ns) & (chat_line.c.place < newest)
    return _oldest(conn, chat_line, chat_line.c.place, old, most)


def forget_set_aside(conn: Connection, before_ns: int, most: int) -> int:
    """The contents of records that could not be taken; their numbers, digests and faults stay."""
    c = record_stream.c
    old = (c.received_ns < before_ns) & c.set_aside.is_not(None)
    found = conn.execute(sa.select(c.site, c.stream, c.sequence).where(old).order_by(c.received_ns).limit(most)).all()
    for row in found:
        mine = (c.site == row.site) & (c.stream == row.stream) & (c.sequence == row.sequence)
        conn.execute(record_stream.update().where(mine).values(set_aside=None))
    return len(found)


def _oldest(conn: Connection, table: sa.Table, key: sa.Column[object], which: sa.ColumnElement[bool], most: int) -> int:
    gone = list(conn.scalars(sa.select(key).where(which).order_by(key).limit(most)))
    return _delete(conn, table, key.in_(gone)) if gone else 0


def _delete(conn: Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    return int(conn.execute(table.delete().where(which)).rowcount)
