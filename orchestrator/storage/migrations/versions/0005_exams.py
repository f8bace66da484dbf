"""Tables of exams."""

import sqlalchemy as sa
from alembic import op

revision = "0005_exams"
down_revision: str | None = "0004_attendance"


def upgrade() -> None:
    op.create_table(
        "bank_question",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("right_option", sa.String(40), nullable=False),
        sa.Column("added_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bank_question"),
        sa.UniqueConstraint("digest", name="uq_bank_question_digest"),
    )
    op.create_table(
        "exam",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("t0_ns", sa.BigInteger, nullable=False),
        sa.Column("duration_s", sa.Integer, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("codes", sa.Integer, nullable=False),
        sa.Column("seed", sa.LargeBinary(32), nullable=False),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(40), nullable=True),
        sa.Column("manifest", sa.LargeBinary, nullable=True),
        sa.Column("signature", sa.LargeBinary(64), nullable=True),
        sa.Column("release_sealed", sa.LargeBinary(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exam"),
    )
    op.create_table(
        "exam_paper",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("exam", "code", name="pk_exam_paper"),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_paper_exam"),
    )
    op.create_index("ix_exam_paper_digest", "exam_paper", ["digest"])
    op.create_table(
        "exam_key",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("right_options", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("exam", "version", name="pk_exam_key"),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_key_exam"),
    )
    op.create_table(
        "exam_site",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("wraps", sa.LargeBinary, nullable=True),
        sa.Column("roster", sa.LargeBinary, nullable=True),
        sa.Column("package", sa.String(8), nullable=False),
        sa.Column("opened_lo_ns", sa.BigInteger, nullable=True),
        sa.Column("opened_hi_ns", sa.BigInteger, nullable=True),
        sa.Column("clock", sa.String(8), nullable=True),
        sa.Column("closed_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("exam", "site", name="pk_exam_site"),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_site_exam"),
    )
    op.create_table(
        "exam_candidate",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("secrets", sa.LargeBinary(128), nullable=False),
        sa.PrimaryKeyConstraint("exam", "number", name="pk_exam_candidate"),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_candidate_exam"),
    )
    op.create_table(
        "exam_event",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("prev", sa.LargeBinary(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("enrolment", sa.String(40), nullable=False),
        sa.Column("cand_seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item", sa.String(40), nullable=True),
        sa.Column("option", sa.String(40), nullable=True),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("bound_ms", sa.BigInteger, nullable=True),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("client_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("exam", "candidate", "hash", name="pk_exam_event"),
    )
    op.create_table(
        "exam_conflict",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=True),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("enrolment", sa.String(40), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exam_conflict"),
    )
    op.create_index("ix_exam_conflict_exam", "exam_conflict", ["exam"])
    op.create_table(
        "exam_mark",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("correct", sa.Integer, nullable=False),
        sa.Column("maximum", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("late", sa.Integer, nullable=False),
        sa.Column("ended_by", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("exam", "number", name="pk_exam_mark"),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_mark_exam"),
    )


def downgrade() -> None:
    op.drop_table("exam_mark")
    op.drop_table("exam_conflict")
    op.drop_table("exam_event")
    op.drop_table("exam_candidate")
    op.drop_table("exam_site")
    op.drop_table("exam_key")
    op.drop_table("exam_paper")
    op.drop_table("exam")
    op.drop_table("bank_question")
