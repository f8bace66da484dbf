"""The operators' shift: who calls which site now, the book of what was done, hand-overs."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

duty_claim = sa.Table(
    "duty_claim",
    metadata,
    sa.Column("site", Id, primary_key=True),
    sa.Column("person", Id, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
"""One row a site at most: whoever writes it on the version they saw has the claim."""

duty_entry = sa.Table(
    "duty_entry",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("at_ns", Ns, nullable=False, index=True),
    sa.Column("person", Id, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("again_ns", Ns),
    sa.Index("ix_duty_entry_site_id", "site", "id"),
)
"""The book; rows are only ever added."""

duty_handover = sa.Table(
    "duty_handover",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("giver", Id, nullable=False),
    sa.Column("giver_name", sa.String(200), nullable=False),
    sa.Column("taker", Id, nullable=False),
    sa.Column("taker_name", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False, index=True),
    sa.Column("since_ns", Ns, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("decided_ns", Ns),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("contents", sa.LargeBinary, nullable=False),
)
"""`contents`: the list as it was handed over, JSON; `since_ns`: the beginning of the shift it tells of."""
