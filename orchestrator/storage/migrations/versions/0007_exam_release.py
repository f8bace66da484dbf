"""Tables of officers, reserve papers and moved starts."""

revision = "0007_exam_release"
down_revision: str | None = "0006_links"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
