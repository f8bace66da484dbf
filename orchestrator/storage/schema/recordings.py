"""Recordings: rules of courses, the switch of each session, files, marks, erasures."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

recording_rule = sa.Table(
    "recording_rule",
    metadata,
    sa.Column("course", Id, sa.ForeignKey("course.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("record", sa.Boolean, nullable=False),
    sa.Column("keep_days", sa.Integer, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
)

recording_switch = sa.Table(
    "recording_switch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("session", Id, sa.ForeignKey("session.id"), nullable=False, index=True),
    sa.Column("on", sa.Boolean, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
)

recording_segment = sa.Table(
    "recording_segment",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("track", sa.String(16), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("file", sa.String(60), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("starts", sa.BigInteger, nullable=False),
    sa.Column("ends", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("keep_days", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(32)),
    sa.Column("why", sa.String(20), nullable=False),
    sa.Column("erased_ns", Ns),
)

recording_mark = sa.Table(
    "recording_mark",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("session", Id, sa.ForeignKey("session.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("text", sa.String(300), nullable=False),
)

recording_erasure = sa.Table(
    "recording_erasure",
    metadata,
    sa.Column("session", Id, primary_key=True),
    sa.Column("track", sa.String(16), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("due_ns", Ns, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)
