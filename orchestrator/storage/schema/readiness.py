"""Certificates of readiness, what the day needs, findings that a person waived, rehearsals."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

certificate = sa.Table(
    "certificate",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("enrolment", Id, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("rehearsal", Id),
    sa.Column("agent_version", sa.String(40), nullable=False),
    sa.Column("platform", sa.String(300), nullable=False),
    sa.Column("checks", sa.LargeBinary, nullable=False),
    sa.Index("ix_certificate_site_at_ns", "site", "at_ns"),
)

readiness_rule = sa.Table(
    "readiness_rule",
    metadata,
    sa.Column("scope", Id, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("changed_by", sa.String(120), nullable=False),
    sa.Column("changed_ns", Ns, nullable=False),
)

readiness_waiver = sa.Table(
    "readiness_waiver",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site", Id, nullable=False, index=True),
    sa.Column("check", sa.String(40), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("why", sa.String(500), nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
    sa.Column("withdrawn_by", sa.String(120)),
    sa.Column("withdrawn_ns", Ns),
)

rehearsal = sa.Table(
    "rehearsal",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("from_ns", Ns, nullable=False),
    sa.Column("t0_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("before", Id, index=True),
    sa.Column("start_ns", Ns),
    sa.Column("replaces", Id),
    sa.Column("by", sa.String(120), nullable=False),
    sa.Column("planned_ns", Ns, nullable=False),
)

rehearsal_site = sa.Table(
    "rehearsal_site",
    metadata,
    sa.Column("rehearsal", Id, sa.ForeignKey("rehearsal.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("sent_ns", Ns),
    sa.Column("seen_ns", Ns),
    sa.Column("looked_ns", Ns),
    sa.Column("certificate", Id),
    sa.Column("result", sa.String(16)),
    sa.Column("reason", sa.String(40), nullable=False, server_default=""),
    sa.Column("lo_ms", sa.Float),
    sa.Column("hi_ms", sa.Float),
)
