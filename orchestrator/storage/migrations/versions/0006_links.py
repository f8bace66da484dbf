"""Tables of the sites' durable streams."""

import sqlalchemy as sa
from alembic import op

revision = "0006_links"
down_revision: str | None = "0005_exams"


def upgrade() -> None:
    op.create_table(
        "record_stream",
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("stream", sa.String(40), nullable=False),
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("fault", sa.String(200), nullable=True),
        sa.Column("set_aside", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("site", "stream", "sequence", name="pk_record_stream"),
    )
    op.create_table(
        "record_watermark",
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("stream", sa.String(40), nullable=False),
        sa.Column("through", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("site", "stream", name="pk_record_watermark"),
    )


def downgrade() -> None:
    op.drop_table("record_watermark")
    op.drop_table("record_stream")
