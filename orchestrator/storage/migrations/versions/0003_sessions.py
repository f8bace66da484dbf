"""Tables of sessions."""

revision = "0003_sessions"
down_revision: str | None = "0002_sites"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
