"""Roll calls, counts and declared numbers. Rows are only ever added."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

roll_call = sa.Table(
    "roll_call",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session", Id, sa.ForeignKey("session.id"), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("ordered_by", Id, nullable=False),
    sa.Column("frames", sa.Integer, nullable=False),
    sa.Column("span_ms", sa.Integer, nullable=False),
)

roll_call_site = sa.Table(
    "roll_call_site",
    metadata,
    sa.Column("roll_call", Id, sa.ForeignKey("roll_call.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
)

site_count = sa.Table(
    "site_count",
    metadata,
    sa.Column("roll_call", Id, sa.ForeignKey("roll_call.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("count", sa.Integer),
    sa.Column("minimum", sa.Integer, nullable=False),
    sa.Column("maximum", sa.Integer, nullable=False),
    sa.Column("frames_used", sa.Integer, nullable=False),
    sa.Column("quality", sa.Float, nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("lo_ns", Ns, nullable=False),
    sa.Column("hi_ns", Ns, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("evidence", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("picture", sa.LargeBinary),
)

declared_count = sa.Table(
    "declared_count",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("roll_call", Id),
    sa.Column("site", Id, nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("by", sa.String(120), nullable=False),
)
