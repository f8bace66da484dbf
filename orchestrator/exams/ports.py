"""What exams need from others, shaped by exams."""

from collections.abc import Mapping
from typing import Protocol

from orchestrator.exams.store import Connection
from orchestrator.sites.model import Participant, Standing
from wire.ids import SiteId
from wire.messages import ExamCancelled, ExamPlan, ExamRelease, ExamSwitch


class Links(Protocol):
    """The sites' links."""

    def send(self, site: SiteId, message: ExamPlan | ExamRelease | ExamSwitch | ExamCancelled) -> bool:
        """Hand a message to the site's link; False when there is none or its window is full."""
        ...

    def linked(self) -> frozenset[SiteId]: ...


class Rosters(Protocol):
    """The register of sites. `orchestrator.sites.service.Sites` is one."""

    async def sites(self) -> list[Standing]: ...

    async def participants(self) -> list[Participant]:
        """Everybody, in roster order within each site."""
        ...

    async def site_secrets(self) -> dict[SiteId, bytes]: ...

    async def spare_sites(self, by: str, count: int) -> list[SiteId]:
        """`count` sites without a school, made where there are fewer."""
        ...


class Trail(Protocol):
    """The audit trail: one deed in the transaction of the deed itself."""

    def record(
        self, conn: Connection, who: str, action: str, target: str = "", detail: Mapping[str, object] | str = ""
    ) -> object: ...
