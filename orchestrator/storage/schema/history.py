"""History of the sites: what the centre saw change, what sites told afterwards, what happened. Rows are only added, and
go when their time is over."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

site_change = sa.Table(
    "site_change",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("facet", sa.String(16), nullable=False),
    sa.Column("at_ns", Ns, nullable=False, index=True),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Index("ix_site_change_site_facet_at_ns", "site", "facet", "at_ns"),
)
"""`site` empty: the centre itself."""

site_span = sa.Table(
    "site_span",
    metadata,
    sa.Column("site", Id, primary_key=True),
    sa.Column("ledger", Id, primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("facet", sa.String(40), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("from_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False, index=True),
    sa.Column("sure", sa.Boolean, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
)

site_event = sa.Table(
    "site_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("at_ns", Ns, nullable=False, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("severity", sa.Integer, nullable=False),
    sa.Column("params", sa.Text, nullable=False),
    sa.Index("ix_site_event_site_at_ns", "site", "at_ns"),
)

history_mark = sa.Table(
    "history_mark",
    metadata,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at_ns", Ns, nullable=False),
)
"""When the centre was last known to watch."""
