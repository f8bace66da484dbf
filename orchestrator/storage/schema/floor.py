"""What happened on the floor of each session, and the questions that rooms asked in writing."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

floor_event = sa.Table(
    "floor_event",
    metadata,
    sa.Column("session", Id, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("site", Id, nullable=False),
    sa.Column("username", sa.String(64), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("wish", Id, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
)

floor_question = sa.Table(
    "floor_question",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("session", Id, nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("text", sa.String(500), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("decided_ns", Ns),
)
