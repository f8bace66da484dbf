"""Tables of extra time, outages, credits and incident notes."""

import sqlalchemy as sa
from alembic import op

revision = "0008_exam_fairness"
down_revision: str | None = "0007_exam_release"


def upgrade() -> None:
    op.create_table(
        "exam_credit",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=True),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("measured_ms", sa.BigInteger, nullable=True),
        sa.Column("from_ns", sa.BigInteger, nullable=True),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(300), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(300), nullable=True),
        sa.Column("decided_ns", sa.BigInteger, nullable=True),
        sa.Column("decision", sa.Text, nullable=False, server_default=""),
        sa.Column("applied_ns", sa.BigInteger, nullable=True),
        sa.Column("too_late", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_credit_exam"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_credit"),
    )
    op.create_index("ix_exam_credit_exam_site", "exam_credit", ["exam", "site"])
    op.create_table(
        "exam_grant_list",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("serial", sa.BigInteger, nullable=False),
        sa.Column("taken", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_grant_list_exam"),
        sa.PrimaryKeyConstraint("exam", "site", name="pk_exam_grant_list"),
    )
    op.create_table(
        "exam_incident",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("candidate", sa.String(40), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("who", sa.String(300), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("seen_by", sa.String(200), nullable=True),
        sa.Column("seen_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exam_incident"),
    )
    op.create_index("ix_exam_incident_exam", "exam_incident", ["exam"])


def downgrade() -> None:
    op.drop_index("ix_exam_incident_exam", "exam_incident")
    op.drop_table("exam_incident")
    op.drop_table("exam_grant_list")
    op.drop_index("ix_exam_credit_exam_site", "exam_credit")
    op.drop_table("exam_credit")
