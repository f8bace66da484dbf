"""Courses with their rosters and published lists; essays, what was handed in, and every mark that was given."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

course = sa.Table(
    "course",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("begins_ns", Ns, nullable=False),
    sa.Column("ends_ns", Ns, nullable=False),
    sa.Column("sessions", sa.Text, nullable=False),
    sa.Column("exam", Id),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_ns", Ns, nullable=False),
)

course_participant = sa.Table(
    "course_participant",
    metadata,
    sa.Column("course", Id, sa.ForeignKey("course.id"), primary_key=True),
    sa.Column("number", sa.String(32), primary_key=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("attendance", sa.Integer),
    sa.Index("ix_course_participant_site", "course", "site"),
)

course_list = sa.Table(
    "course_list",
    metadata,
    sa.Column("course", Id, sa.ForeignKey("course.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("contents", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary(64), nullable=False),
)

essay = sa.Table(
    "essay",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("course", Id, sa.ForeignKey("course.id"), nullable=False, unique=True),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("created_ns", Ns, nullable=False),
)

essay_draft = sa.Table(
    "essay_draft",
    metadata,
    sa.Column("essay", Id, sa.ForeignKey("essay.id"), primary_key=True),
    sa.Column("number", sa.String(32), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("saved_ns", Ns, nullable=False),
)

essay_upload = sa.Table(
    "essay_upload",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("essay", Id, sa.ForeignKey("essay.id"), nullable=False, index=True),
    sa.Column("number", sa.String(32), nullable=False),
    sa.Column("owner", sa.String(160), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.LargeBinary(32)),
    sa.Column("created_ns", Ns, nullable=False),
    sa.Column("collected_ns", Ns),
    sa.Column("version", Id),
)

essay_version = sa.Table(
    "essay_version",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("essay", Id, sa.ForeignKey("essay.id"), nullable=False),
    sa.Column("number", sa.String(32), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("form", sa.String(8), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("owner", sa.String(160), nullable=False),
    sa.Column("receipt", sa.String(10), nullable=False),
    sa.Column("state", sa.String(10), nullable=False, index=True),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("pages", sa.Integer),
    sa.Column("words", sa.Integer),
    sa.UniqueConstraint("essay", "number", "place"),
)

essay_marker = sa.Table(
    "essay_marker",
    metadata,
    sa.Column("essay", Id, sa.ForeignKey("essay.id"), primary_key=True),
    sa.Column("person", Id, primary_key=True),
    sa.Column("site", Id),
)

essay_marking = sa.Table(
    "essay_marking",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("essay", Id, sa.ForeignKey("essay.id"), nullable=False),
    sa.Column("number", sa.String(32), nullable=False),
    sa.Column("slot", sa.Integer, nullable=False),
    sa.Column("version", Id, nullable=False),
    sa.Column("marker", Id, nullable=False, index=True),
    sa.Column("assigned_ns", Ns, nullable=False),
    sa.Column("mark", sa.Integer),
    sa.Column("scores", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("marked_ns", Ns),
    sa.UniqueConstraint("essay", "number", "slot"),
)

essay_marking_change = sa.Table(
    "essay_marking_change",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("marking", Id, sa.ForeignKey("essay_marking.id"), nullable=False, index=True),
    sa.Column("marker", Id, nullable=False),
    sa.Column("mark", sa.Integer, nullable=False),
    sa.Column("scores", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)
