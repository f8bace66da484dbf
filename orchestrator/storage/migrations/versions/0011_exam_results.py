"""Tables of bands, revised keys, closed sites and publications."""

import sqlalchemy as sa
from alembic import op

revision = "0011_exam_results"
down_revision: str | None = "0010_questions"


def upgrade() -> None:
    op.add_column("exam_key", sa.Column("credited", sa.Text, nullable=False, server_default="[]"))
    op.add_column("exam_mark", sa.Column("code", sa.String(16), nullable=False, server_default=""))
    op.create_index("ix_exam_candidate_exam_site", "exam_candidate", ["exam", "site"])
    op.create_table(
        "exam_scheme",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_scheme_exam"),
        sa.PrimaryKeyConstraint("exam", "version", name="pk_exam_scheme"),
    )
    _proposals()
    op.create_table(
        "exam_closing",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("how", sa.String(12), nullable=False),
        sa.Column("present", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_closing_exam"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_closing"),
    )
    op.create_index("ix_exam_closing_exam", "exam_closing", ["exam"])
    _publications()


def _proposals() -> None:
    op.create_table(
        "exam_key_proposal",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("base_version", sa.Integer, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("void_rule", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("decided_ns", sa.BigInteger, nullable=True),
        sa.Column("key_version", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_key_proposal_exam"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_key_proposal"),
    )
    op.create_index("ix_exam_key_proposal_exam", "exam_key_proposal", ["exam"])


def _publications() -> None:
    op.create_table(
        "exam_publication",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("key_version", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.Column("expected", sa.Integer, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("contents", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_publication_exam"),
        sa.PrimaryKeyConstraint("exam", "version", name="pk_exam_publication"),
    )


def downgrade() -> None:
    for table in ("exam_publication", "exam_closing", "exam_key_proposal", "exam_scheme"):
        op.drop_table(table)
    op.drop_index("ix_exam_candidate_exam_site", "exam_candidate")
    op.drop_column("exam_mark", "code")
    op.drop_column("exam_key", "credited")
