"""Whether a room that asked to speak is shown as it is, although the rule of its course blurs."""

import sqlalchemy as sa
from alembic import op

revision = "0030_speaker_seen"
down_revision: str | None = "0029_session_rungs"


def upgrade() -> None:
    with op.batch_alter_table("attendance_rule") as batch:
        batch.add_column(sa.Column("speaker_seen", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("attendance_rule") as batch:
        batch.drop_column("speaker_seen")
