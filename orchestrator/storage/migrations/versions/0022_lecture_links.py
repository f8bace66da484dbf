"""Table of links that let a lecturer or an assistant into one session."""

import sqlalchemy as sa
from alembic import op

revision = "0022_lecture_links"
down_revision: str | None = "0021_orders"


def upgrade() -> None:
    op.create_table(
        "lecture_links",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("link_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("entered_ns", sa.BigInteger, nullable=True),
        sa.Column("seen_ns", sa.BigInteger, nullable=True),
        sa.Column("revoked_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_lecture_links_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_lecture_links"),
        sa.UniqueConstraint("person", name="uq_lecture_links_person"),
        sa.UniqueConstraint("link_hash", name="uq_lecture_links_link_hash"),
    )
    op.create_index("ix_lecture_links_session", "lecture_links", ["session"])
    op.create_index("ix_lecture_links_key_hash", "lecture_links", ["key_hash"])


def downgrade() -> None:
    op.drop_table("lecture_links")
