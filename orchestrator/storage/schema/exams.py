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
    sa.Column("images", sa.Text, nullable=False, server_default="[]"),
    sa.Column("source", sa.String(16), nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("archived_ns", Ns),
)
"""`images`: SHA-256 in hex of `bank_image` in the order of the marks in the text; `source`: the file format it came in,
or `console`."""

bank_image = sa.Table(
    "bank_image",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("media", sa.String(16), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("added_ns", Ns, nullable=False),
)

bank_change = sa.Table(
    "bank_change",
    metadata,
    sa.Column("question", Id, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
)
"""One row per change of a question, by the version it ended: `before` is the question as it stood until then."""

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
    sa.Column("kind", sa.String(16), nullable=False, server_default="exam"),
    sa.Column("choice", sa.Text, nullable=False, server_default="{}"),
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

exam_question = sa.Table(
    "exam_question",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("question", Id, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
)
"""What was chosen at sealing, in the order it was chosen: with the exam's seed, the papers can be made again."""

exam_sheet_entry = sa.Table(
    "exam_sheet_entry",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), nullable=False),
    sa.Column("candidate", sa.String(40), nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("letters", sa.Text, nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("person", Id, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Index("ix_exam_sheet_entry_exam_candidate", "exam", "candidate"),
)
"""What one person read off a paper answer sheet; nothing here is ever changed, the newest row of a person counts."""

exam_sheet = sa.Table(
    "exam_sheet",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("candidate", sa.String(40), primary_key=True),
    sa.Column("first_entry", sa.Integer, nullable=False),
    sa.Column("second_entry", sa.Integer, nullable=False),
    sa.Column("receipt", sa.String(16), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
)
"""Sheets on which two persons agreed: their answers stand among the candidate's events."""

exam_key = sa.Table(
    "exam_key",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("right_options", sa.Text, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("credited", sa.Text, nullable=False, server_default="[]"),
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
    sa.Column("extra_s", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_exam_candidate_exam_site", "exam", "site"),
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
    sa.Column("journal", Id, nullable=False, server_default=""),
    sa.Column("place", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("ix_exam_event_exam_journal_place", "exam", "journal", "place"),
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
    sa.Column("code", sa.String(16), nullable=False, server_default=""),
)
