"""Tables of attendance."""

revision = "0004_attendance"
down_revision: str | None = "0003_sessions"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
