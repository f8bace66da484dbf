"""Roll calls, counts, declared numbers, rules, plans, corrections, looks at pictures and erasures.

Rows are only ever added; a picture alone becomes NULL, in the transaction that adds its erasure."""

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
    sa.Column("kind", sa.String(16), nullable=False, server_default="order"),
    sa.Column("policy", sa.String(16), nullable=False, server_default="count_only"),
    sa.Column("keep_days", sa.Integer, nullable=False, server_default="30"),
    sa.Column("tolerance", sa.Integer, nullable=False, server_default="3"),
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
    sa.Column("signed_by", sa.String(300), nullable=False, server_default=""),
    sa.Column("word", sa.Text, nullable=False, server_default=""),
    sa.Column("listed", sa.Integer),
)

count_again = sa.Table(
    "count_again",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("roll_call", Id, sa.ForeignKey("roll_call.id"), nullable=False),
    sa.Column("site", Id, nullable=False, index=True),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("evidence", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

attendance_rule = sa.Table(
    "attendance_rule",
    metadata,
    sa.Column("course", Id, sa.ForeignKey("course.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("policy", sa.String(16), nullable=False),
    sa.Column("keep_days", sa.Integer, nullable=False),
    sa.Column("seen_by", sa.String(300), nullable=False),
    sa.Column("tolerance", sa.Integer, nullable=False),
    sa.Column("speaker_seen", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
)

roll_plan = sa.Table(
    "roll_plan",
    metadata,
    sa.Column("session", Id, sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at_start", sa.Boolean, nullable=False),
    sa.Column("after_break", sa.Boolean, nullable=False),
    sa.Column("at_random", sa.Integer, nullable=False),
    sa.Column("settle_s", sa.Integer, nullable=False),
    sa.Column("apart_s", sa.Integer, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
)

roster_tick = sa.Table(
    "roster_tick",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("session", Id, sa.ForeignKey("session.id"), nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("number", sa.String(32), nullable=False),
    sa.Column("present", sa.Boolean, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
)

count_correction = sa.Table(
    "count_correction",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("roll_call", Id, sa.ForeignKey("roll_call.id"), nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("before", sa.Integer),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
)

picture_review = sa.Table(
    "picture_review",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("roll_call", Id, sa.ForeignKey("roll_call.id"), nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
)

picture_erasure = sa.Table(
    "picture_erasure",
    metadata,
    sa.Column("roll_call", Id, sa.ForeignKey("roll_call.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("due_ns", Ns, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)
