"""Tables of access."""

revision = "0001_access"
down_revision: str | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
