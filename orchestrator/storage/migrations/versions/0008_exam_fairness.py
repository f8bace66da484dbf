"""Tables of extra time, outages, credits and incident notes."""

revision = "0008_exam_fairness"
down_revision: str | None = "0007_exam_release"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
