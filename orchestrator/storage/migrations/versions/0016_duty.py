"""Tables of the operators' shift: claims, the book, hand-overs."""

import sqlalchemy as sa
from alembic import op

revision = "0016_duty"
down_revision: str | None = "0015_readiness"


def upgrade() -> None:
    op.create_table(
        "duty_claim",
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_duty_claim"),
    )
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("again_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_duty_entry"),
    )
    op.create_index("ix_duty_entry_at_ns", "duty_entry", ["at_ns"])
    op.create_index("ix_duty_entry_site_id", "duty_entry", ["site", "id"])
    op.create_table(
        "duty_handover",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("giver", sa.String(40), nullable=False),
        sa.Column("giver_name", sa.String(200), nullable=False),
        sa.Column("taker", sa.String(40), nullable=False),
        sa.Column("taker_name", sa.String(200), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("since_ns", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_ns", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("contents", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_handover"),
    )
    op.create_index("ix_duty_handover_at_ns", "duty_handover", ["at_ns"])


def downgrade() -> None:
    for table in ("duty_handover", "duty_entry", "duty_claim"):
        op.drop_table(table)
