"""Tables of extra time, outages, credits and incident notes."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

exam_credit = sa.Table(
    "exam_credit",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), nullable=False),
    sa.Column("site", Id, nullable=False),
    sa.Column("candidate", sa.String(40)),
    sa.Column("cause", sa.String(16), nullable=False),
    sa.Column("source", sa.String(8), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("measured_ms", sa.BigInteger),
    sa.Column("from_ns", Ns),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(300), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("decided_by", sa.String(300)),
    sa.Column("decided_ns", Ns),
    sa.Column("decision", sa.Text, nullable=False, server_default=""),
    sa.Column("applied_ns", Ns),
    sa.Column("too_late", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_exam_credit_exam_site", "exam", "site"),
)
"""Every gap that was measured and every grant, by the id that its maker gave it; rows are never deleted."""

exam_grant_list = sa.Table(
    "exam_grant_list",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("serial", sa.BigInteger, nullable=False),
    sa.Column("taken", sa.BigInteger, nullable=False),
)
"""How often a site's list of grants changed, and which of its states the site says it holds (-1: none)."""

exam_incident = sa.Table(
    "exam_incident",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("exam", Id, nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("candidate", sa.String(40)),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.String(300), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("seen_by", sa.String(200)),
    sa.Column("seen_ns", Ns),
)
