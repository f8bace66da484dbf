"""Tables of officers, reserve papers and moved starts."""

import sqlalchemy as sa
from alembic import op

revision = "0007_exam_release"
down_revision: str | None = "0006_links"


def upgrade() -> None:
    op.create_table(
        "exam_release",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("manifest_version", sa.Integer, nullable=False),
        sa.Column("reserve_sealed", sa.LargeBinary(64), nullable=True),
        sa.Column("switched_ns", sa.BigInteger, nullable=True),
        sa.Column("opens_ns", sa.BigInteger, nullable=True),
        sa.Column("switch_signature", sa.LargeBinary(64), nullable=True),
        sa.Column("spares", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reserve", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_release_exam"),
        sa.PrimaryKeyConstraint("exam", name="pk_exam_release"),
    )
    # Exams from before: their manifest is the first, and they have no reserve.
    op.execute("INSERT INTO exam_release (exam, manifest_version) SELECT id, 1 FROM exam")
    op.create_table(
        "exam_officer",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("printed_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_officer_exam"),
        sa.PrimaryKeyConstraint("exam", "place", name="pk_exam_officer"),
    )
    op.create_table(
        "exam_share",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("entered_ns", sa.BigInteger, nullable=True),
        sa.Column("entered_by", sa.String(200), nullable=True),
        sa.Column("sealed", sa.LargeBinary(64), nullable=True),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_share_exam"),
        sa.PrimaryKeyConstraint("exam", "kind", "place", name="pk_exam_share"),
    )
    op.create_table(
        "exam_site_reserve",
        sa.Column("exam", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("by_code", sa.Boolean, nullable=False),
        sa.Column("opened_lo_ns", sa.BigInteger, nullable=True),
        sa.Column("opened_hi_ns", sa.BigInteger, nullable=True),
        sa.Column("clock", sa.String(8), nullable=True),
        sa.Column("closed_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["exam"], ["exam.id"], name="fk_exam_site_reserve_exam"),
        sa.PrimaryKeyConstraint("exam", "site", name="pk_exam_site_reserve"),
    )


def downgrade() -> None:
    for table in ("exam_site_reserve", "exam_share", "exam_officer", "exam_release"):
        op.drop_table(table)
