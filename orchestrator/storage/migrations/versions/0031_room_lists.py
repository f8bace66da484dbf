"""How many people signed a room's own list, beside the number that the room declared."""

import sqlalchemy as sa
from alembic import op

revision = "0031_room_lists"
down_revision: str | None = "0030_speaker_seen"


def upgrade() -> None:
    with op.batch_alter_table("declared_count") as batch:
        batch.add_column(sa.Column("listed", sa.Integer))


def downgrade() -> None:
    with op.batch_alter_table("declared_count") as batch:
        batch.drop_column("listed")
