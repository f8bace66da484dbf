"""Tables of images, edited questions and answer sheets; what an exam asks and what it is for."""

import sqlalchemy as sa
from alembic import op

revision = "0010_questions"
down_revision: str | None = "0009_exam_home"


def upgrade() -> None:
    op.add_column("bank_question", sa.Column("images", sa.Text, nullable=False, server_default="[]"))
    op.add_column("bank_question", sa.Column("source", sa.String(16), nullable=False, server_default=""))
    op.add_column("bank_question", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("bank_question", sa.Column("archived_ns", sa.BigInteger, nullable=True))
    op.add_column("exam", sa.Column("kind", sa.String(16), nullable=False, server_default="exam"))
    op.add_column("exam", sa.Column("choice", sa.Text, nullable=False, server_default="{}"))
    _bank()
    _exam()


def _bank() -> None:
    op.create_table(
        "bank_image",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media", sa.String(16), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("added_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_bank_image"),
    )
    op.create_table(
        "bank_change",
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("question", "version", name="pk_bank_change"),
    )


def _exam() -> None:
    op.create_table(
        "exam_question",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_question_exam"),
        sa.PrimaryKeyConstraint("exam", "place", name="pk_exam_question"),
    )
    op.create_index("ix_exam_question_question", "exam_question", ["question"])
    op.create_table(
        "exam_sheet_entry",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("letters", sa.Text, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_sheet_entry_exam"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_sheet_entry"),
    )
    op.create_index("ix_exam_sheet_entry_exam_candidate", "exam_sheet_entry", ["exam", "candidate"])
    op.create_table(
        "exam_sheet",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("first_entry", sa.Integer, nullable=False),
        sa.Column("second_entry", sa.Integer, nullable=False),
        sa.Column("receipt", sa.String(16), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_sheet_exam"),
        sa.PrimaryKeyConstraint("exam", "candidate", name="pk_exam_sheet"),
    )


def downgrade() -> None:
    for table in ("exam_sheet", "exam_sheet_entry", "exam_question", "bank_change", "bank_image"):
        op.drop_table(table)
    for column in ("choice", "kind"):
        op.drop_column("exam", column)
    for column in ("archived_ns", "version", "source", "images"):
        op.drop_column("bank_question", column)
