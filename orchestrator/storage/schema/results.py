"""Tables of what comes after the close: bands, revised keys, sites closed by hand, publications."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

exam_scheme = sa.Table(
    "exam_scheme",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("scheme", sa.Text, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)
"""Bands and the rule for void items; without a row the usual ones count."""

exam_key_proposal = sa.Table(
    "exam_key_proposal",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), nullable=False, index=True),
    sa.Column("base_version", sa.Integer, nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("void_rule", sa.String(8), nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("decided_ns", Ns),
    sa.Column("key_version", sa.Integer),
)
"""A wish to void items or to accept other options. `state`: open, applied, withdrawn; `key_version`: what it made."""

exam_closing = sa.Table(
    "exam_closing",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("how", sa.String(12), nullable=False),
    sa.Column("present", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)
"""A site closed by protocol: the newest row of a site counts. `how`: paper, telephone, or reopened; `present`: people
present by that protocol."""

exam_publication = sa.Table(
    "exam_publication",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("received", sa.Integer, nullable=False),
    sa.Column("expected", sa.Integer, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("contents", sa.LargeBinary, nullable=False),
)
"""Results as they were published: `contents` is their JSON packed with zlib, `digest` the SHA-256 of the JSON."""
