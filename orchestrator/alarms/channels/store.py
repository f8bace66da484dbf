"""Rows of channels."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from orchestrator.alarms.channels.model import Channel, Wish
from orchestrator.storage.schema.alarms import alarm_channel

Connection = sa.Connection


def channels(conn: Connection) -> list[Channel]:
    """All, the oldest first."""
    rows = conn.execute(sa.select(alarm_channel).order_by(alarm_channel.c.created_ns, alarm_channel.c.id))
    return [Channel(row.id, msgspec.json.decode(row.wish, type=Wish), row.sealed) for row in rows]


def insert(conn: Connection, channel: Channel, now_ns: int) -> None:
    text = msgspec.json.encode(channel.wish).decode()
    values = {"id": channel.id, "name": channel.wish.name, "wish": text, "sealed": channel.sealed}
    conn.execute(alarm_channel.insert().values(**values, created_ns=now_ns))


def update(conn: Connection, channel: Channel) -> None:
    text = msgspec.json.encode(channel.wish).decode()
    values = {"name": channel.wish.name, "wish": text, "sealed": channel.sealed}
    conn.execute(alarm_channel.update().where(alarm_channel.c.id == channel.id).values(**values))


def delete(conn: Connection, channel_id: str) -> bool:
    return conn.execute(alarm_channel.delete().where(alarm_channel.c.id == channel_id)).rowcount == 1
