"""What operators ordered of how much of a lecture a room gets."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

session_rung = sa.Table(
    "session_rung",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("rung", sa.String(16), nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)
"""``rung`` empty: the order was taken back. An order ends with its session."""
