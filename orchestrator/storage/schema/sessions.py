"""Sessions, their sites, and every order they took."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("topic", sa.String(200), nullable=False),
    sa.Column("lecturer", Id),
    sa.Column("lecturer_name", sa.String(120), nullable=False),
    sa.Column("starts_ns", Ns, nullable=False),
    sa.Column("ends_ns", Ns, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
)

session_site = sa.Table(
    "session_site",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
)

session_order = sa.Table(
    "session_order",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", Id, nullable=False),
    sa.Column("order", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
)
