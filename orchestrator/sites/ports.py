"""What sites need from others, shaped by sites."""

from collections.abc import Mapping
from typing import Protocol

from orchestrator.sites.store import Connection


class Trail(Protocol):
    """The audit trail: one deed in the transaction of the deed itself."""

    def record(
        self, conn: Connection, who: str, action: str, target: str = "", detail: Mapping[str, object] | str = ""
    ) -> object: ...
