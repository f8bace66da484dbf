"""Tables of images, edited questions and answer sheets."""

revision = "0010_questions"
down_revision: str | None = "0009_exam_home"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
