"""Tables of voided items, marks and closed places."""

revision = "0011_exam_results"
down_revision: str | None = "0010_questions"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
