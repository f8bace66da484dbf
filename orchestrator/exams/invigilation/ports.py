"""What fairness needs from others, shaped by it."""

from collections.abc import Mapping
from typing import Protocol

from orchestrator.sites.model import Standing
from orchestrator.storage.engine import Connection
from wire.exam_fairness import ExamGrants, InvigilatorPinReset
from wire.ids import SiteId


class GrantLinks(Protocol):
    """The sites' links."""

    def send(self, site: SiteId, message: ExamGrants | InvigilatorPinReset) -> bool:
        """Hand a message to the site's link; False when there is none or its window is full."""
        ...

    def linked(self) -> frozenset[SiteId]: ...


class Schools(Protocol):
    """The register of sites."""

    async def sites(self) -> list[Standing]: ...


class Trail(Protocol):
    """The audit trail: one deed in the transaction of the deed itself."""

    def record(
        self, conn: Connection, who: str, action: str, target: str = "", detail: Mapping[str, object] | str = ""
    ) -> object: ...
