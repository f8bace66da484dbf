"""Who is on air: what stands ordered for a session, and who held its stream from when to when."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

session_air = sa.Table(
    "session_air",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("want", sa.String(16), nullable=False),
    sa.Column("standby_armed", sa.Boolean, nullable=False),
    sa.Column("auto_return", sa.Boolean, nullable=False),
    sa.Column("resumes_ns", Ns),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

session_air_turn = sa.Table(
    "session_air_turn",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("seat", sa.String(16), nullable=False),
    sa.Column("why", sa.String(24), nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("from_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns),
)
"""``seat`` empty: nobody held the stream; ``until_ns`` NULL: the turn goes on."""
