"""Tables of officers' slips and sign-in links, and of reserve codes that were read out to one site."""

import sqlalchemy as sa
from alembic import op

revision = "0014_officer_slips"
down_revision: str | None = "0013_extra_time"


def upgrade() -> None:
    op.create_table(
        "exam_slip",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(200), nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_slip_exam"),
        sa.PrimaryKeyConstraint("exam", "place", name="pk_exam_slip"),
    )
    op.create_table(
        "exam_reserve_read",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("why", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_reserve_read_exam"),
        sa.PrimaryKeyConstraint("exam", "site", name="pk_exam_reserve_read"),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("from_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sign_in_links_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
        sa.UniqueConstraint("person", name="uq_sign_in_links_person"),
    )


def downgrade() -> None:
    for table in ("sign_in_links", "exam_reserve_read", "exam_slip"):
        op.drop_table(table)
