"""Tables of signed heads, moved candidates, decisions, carried journals and archives; the place of an event in its
site's journal."""

import sqlalchemy as sa
from alembic import op

revision = "0009_exam_home"
down_revision: str | None = "0008_exam_fairness"


def upgrade() -> None:
    op.add_column("exam_event", sa.Column("journal", sa.String(40), nullable=False, server_default=""))
    op.add_column("exam_event", sa.Column("place", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("ix_exam_event_exam_journal_place", "exam_event", ["exam", "journal", "place"])
    _heads()
    _people()
    _carried()


def _heads() -> None:
    op.create_table(
        "exam_head",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("journal", sa.String(40), nullable=False),
        sa.Column("places", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("head", sa.LargeBinary(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("enrolment", sa.String(40), nullable=False),
        sa.Column("lo_ns", sa.BigInteger, nullable=False),
        sa.Column("hi_ns", sa.BigInteger, nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("exam", "journal", "places", "head", name="pk_exam_head"),
    )
    op.create_table(
        "exam_spoken_head",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("text", sa.String(10), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exam_spoken_head"),
    )
    op.create_index("ix_exam_spoken_head_exam", "exam_spoken_head", ["exam"])


def _people() -> None:
    op.create_table(
        "exam_move",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("from_site", sa.String(40), nullable=False),
        sa.Column("to_site", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exam_move"),
    )
    op.create_index("ix_exam_move_exam", "exam_move", ["exam"])
    op.create_table(
        "exam_decision",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=False),
        sa.Column("conflict", sa.Integer, nullable=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=True),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exam_decision"),
    )
    op.create_index("ix_exam_decision_exam", "exam_decision", ["exam"])


def _carried() -> None:
    op.create_table(
        "exam_carried",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("enrolment", sa.String(40), nullable=False),
        sa.Column("journal", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("fresh", sa.Integer, nullable=False),
        sa.Column("known", sa.Integer, nullable=False),
        sa.Column("conflicts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exam_carried"),
    )
    op.create_table(
        "exam_archive",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("ordered_ns", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=True),
        sa.Column("archived_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("exam", "site", name="pk_exam_archive"),
    )


def downgrade() -> None:
    for table in ("exam_archive", "exam_carried", "exam_decision", "exam_move", "exam_spoken_head", "exam_head"):
        op.drop_table(table)
    op.drop_index("ix_exam_event_exam_journal_place", "exam_event")
    op.drop_column("exam_event", "place")
    op.drop_column("exam_event", "journal")
