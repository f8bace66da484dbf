"""Table of televisions that show the wall."""

import sqlalchemy as sa
from alembic import op

revision = "0020_televisions"
down_revision: str | None = "0019_history"


def upgrade() -> None:
    op.create_table(
        "televisions",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_ns", sa.BigInteger, nullable=False),
        sa.Column("link_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("link_until_ns", sa.BigInteger, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("entered_ns", sa.BigInteger, nullable=True),
        sa.Column("seen_ns", sa.BigInteger, nullable=True),
        sa.Column("revoked_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_televisions_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_televisions"),
        sa.UniqueConstraint("person", name="uq_televisions_person"),
        sa.UniqueConstraint("link_hash", name="uq_televisions_link_hash"),
        sa.UniqueConstraint("key_hash", name="uq_televisions_key_hash"),
    )


def downgrade() -> None:
    op.drop_table("televisions")
