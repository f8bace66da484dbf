"""Individual extra time of participants, and of the candidates of sealed exams; seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0013_extra_time"
down_revision: str | None = "0012_essays"


def upgrade() -> None:
    for table in ("participants", "exam_candidate"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("extra_s", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    for table in ("exam_candidate", "participants"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("extra_s")
