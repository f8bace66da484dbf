"""Tables of exams: the bank, exams and their papers, what each site and candidate did, marks."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

bank_question = sa.Table(
    "bank_question",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("format", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("right_option", Id, nullable=False),
    sa.Column("added_ns", Ns, nullable=False),
)

exam = sa.Table(
    "exam",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("t0_ns", Ns, nullable=False),
    sa.Column("duration_s", sa.Integer, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("questions", sa.Integer, nullable=False),
    sa.Column("codes", sa.Integer, nullable=False),
    sa.Column("seed", sa.LargeBinary(32), nullable=False),
    sa.Column("created_ns", Ns, nullable=False),
    sa.Column("who", Id),
    sa.Column("manifest", sa.LargeBinary),
    sa.Column("signature", sa.LargeBinary(64)),
    sa.Column("release_sealed", sa.LargeBinary(64)),
)

exam_paper = sa.Table(
    "exam_paper",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("code", sa.String(16), primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("key_sealed", sa.LargeBinary(64), nullable=False),
)

exam_key = sa.Table(
    "exam_key",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("right_options", sa.Text, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)

exam_site = sa.Table(
    "exam_site",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("wraps", sa.LargeBinary),
    sa.Column("roster", sa.LargeBinary),
    sa.Column("package", sa.String(8), nullable=False),
    sa.Column("opened_lo_ns", Ns),
    sa.Column("opened_hi_ns", Ns),
    sa.Column("clock", sa.String(8)),
    sa.Column("closed_ns", Ns),
)

exam_candidate = sa.Table(
    "exam_candidate",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("number", sa.String(40), primary_key=True),
    sa.Column("site", Id, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("secrets", sa.LargeBinary(128), nullable=False),
)

exam_event = sa.Table(
    "exam_event",
    metadata,
    sa.Column("exam", Id, primary_key=True),
    sa.Column("candidate", sa.String(40), primary_key=True),
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("prev", sa.LargeBinary(32), nullable=False),
    sa.Column("site", Id, nullable=False),
    sa.Column("enrolment", Id, nullable=False),
    sa.Column("cand_seq", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("item", Id),
    sa.Column("option", Id),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("bound_ms", sa.BigInteger),
    sa.Column("session", sa.String(40), nullable=False),
    sa.Column("client_seq", sa.BigInteger, nullable=False),
)

exam_conflict = sa.Table(
    "exam_conflict",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, nullable=False, index=True),
    sa.Column("candidate", sa.String(40)),
    sa.Column("site", Id, nullable=False),
    sa.Column("enrolment", Id, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
)

exam_mark = sa.Table(
    "exam_mark",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("number", sa.String(40), primary_key=True),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("correct", sa.Integer, nullable=False),
    sa.Column("maximum", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("late", sa.Integer, nullable=False),
    sa.Column("ended_by", sa.LargeBinary(32), nullable=False),
)
