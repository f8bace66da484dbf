"""Tables of sites."""

revision = "0002_sites"
down_revision: str | None = "0001_access"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
