"""Tables of courses and essays."""

revision = "0012_essays"
down_revision: str | None = "0011_exam_results"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
