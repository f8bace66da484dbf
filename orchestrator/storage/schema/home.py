"""Tables of the way home: signed heads, moved candidates, decisions on what did not fit, carried journals, archives.

Rows are only added, but `exam_head.verdict`, which is found out later, and the times of `exam_archive`.
"""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

exam_head = sa.Table(
    "exam_head",
    metadata,
    sa.Column("exam", Id, primary_key=True),
    sa.Column("journal", Id, primary_key=True),
    sa.Column("places", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("head", sa.LargeBinary(32), primary_key=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("enrolment", Id, nullable=False),
    sa.Column("lo_ns", Ns, nullable=False),
    sa.Column("hi_ns", Ns, nullable=False),
    sa.Column("signature", sa.LargeBinary(64), nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
)
"""`verdict`: waiting (its events are not all here), fits, contradicted."""

exam_spoken_head = sa.Table(
    "exam_spoken_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, nullable=False, index=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("text", sa.String(10), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)

exam_move = sa.Table(
    "exam_move",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, nullable=False, index=True),
    sa.Column("number", sa.String(40), nullable=False),
    sa.Column("from_site", Id, nullable=False),
    sa.Column("to_site", Id, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("last_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
)
"""`last_hash`, `length`: the end of the candidate's chain as the centre had it at the move."""

exam_decision = sa.Table(
    "exam_decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, nullable=False, index=True),
    sa.Column("candidate", sa.String(40), nullable=False),
    sa.Column("conflict", sa.Integer),
    sa.Column("hash", sa.LargeBinary(32)),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)
"""What a person decided on an event (`hash`) or on a row of `exam_conflict`: the newest row of each counts."""

exam_carried = sa.Table(
    "exam_carried",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("site", Id, nullable=False),
    sa.Column("enrolment", Id, nullable=False),
    sa.Column("journal", Id, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("fresh", sa.Integer, nullable=False),
    sa.Column("known", sa.Integer, nullable=False),
    sa.Column("conflicts", sa.Integer, nullable=False),
)

exam_archive = sa.Table(
    "exam_archive",
    metadata,
    sa.Column("exam", Id, primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("ordered_ns", Ns, nullable=False),
    sa.Column("digest", sa.LargeBinary(32)),
    sa.Column("archived_ns", Ns),
)
