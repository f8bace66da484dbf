"""Tables of signed heads, moved candidates and carried journals."""

revision = "0009_exam_home"
down_revision: str | None = "0008_exam_fairness"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
