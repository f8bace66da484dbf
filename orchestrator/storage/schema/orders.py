"""Orders, where each stands at each site, the logs that came, and the lines of the chats."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

site_order = sa.Table(
    "site_order",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("scope", sa.String(200), nullable=False),
    sa.Column("person", Id, nullable=False),
    sa.Column("username", sa.String(64), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("at_ns", Ns, nullable=False, index=True),
    sa.Column("leaves_ns", Ns, nullable=False),
    sa.Column("expires_ns", Ns, nullable=False, index=True),
    sa.Column("forced", sa.Boolean, nullable=False),
    sa.Column("text_vi", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("withdrawn_ns", Ns),
)

order_at_site = sa.Table(
    "order_at_site",
    metadata,
    sa.Column("order", Id, sa.ForeignKey("site_order.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("sent_ns", Ns),
    sa.Column("seen_ns", Ns),
    sa.Column("ended_ns", Ns),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("roll_call", Id, nullable=False),
)

site_log_piece = sa.Table(
    "site_log_piece",
    metadata,
    sa.Column("order", Id, sa.ForeignKey("site_order.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("pieces", sa.Integer, nullable=False),
    sa.Column("octets", sa.LargeBinary, nullable=False),
    sa.Column("received_ns", Ns, nullable=False, index=True),
)

chat_line = sa.Table(
    "chat_line",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("from_site", sa.Boolean, nullable=False),
    sa.Column("person", Id, nullable=False),
    sa.Column("said_by", sa.String(200), nullable=False),
    sa.Column("text", sa.String(500), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("delivered_ns", Ns),
    sa.Column("session", Id),
    sa.Index("ix_chat_line_site", "site", "place"),
    sa.Index("ix_chat_line_session", "session"),
)

chat_closed = sa.Table(
    "chat_closed",
    metadata,
    sa.Column("site", Id, primary_key=True),
    sa.Column("through", sa.Integer, nullable=False),
)
"""Up to which line an operator has called a conversation finished."""
