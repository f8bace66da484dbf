"""Tables of exams."""

revision = "0005_exams"
down_revision: str | None = "0004_attendance"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
