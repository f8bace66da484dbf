"""What others keep asking of sites and exams, held in memory and read anew when it changed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.access import store as people_store
from orchestrator.exams import store as exam_store
from orchestrator.exams.model import Exam, Stage
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Connection, Database
from orchestrator.wall.judge import SiteCard
from wire.ids import SiteId

CURRENT = frozenset({Stage.SEALED, Stage.ARMED, Stage.RELEASED, Stage.OPEN, Stage.CLOSING, Stage.CLOSED, Stage.MARKED})
"""Stages in which an exam stands on the wall; a later exam of the same site takes its place."""


class CurrentExam(msgspec.Struct, frozen=True):
    """An exam with the number of people registered at each site."""

    exam: Exam
    registered: Mapping[SiteId, int]


class Register:
    """Refreshed by the wall's sweep and whenever an event says that sites or exams changed."""

    def __init__(self, database: Database, sites: Sites) -> None:
        self._database = database
        self._sites = sites
        self.cards: dict[SiteId, SiteCard] = {}
        self.loaded = False
        self.exams: list[CurrentExam] = []
        self.not_ready: frozenset[SiteId] = frozenset()
        """Sites that readiness calls no-go; it says so here."""
        self._exam_at: dict[SiteId, CurrentExam] = {}

    async def refresh(self) -> dict[SiteId, SiteCard]:
        """Read both anew; returns the cards."""
        standings = await self._sites.sites()
        self.cards = {
            standing.site.id: SiteCard(
                id=standing.site.id,
                code=standing.site.code,
                name=standing.site.name,
                path=standing.path,
                district=standing.path[1] if len(standing.path) > 1 else "".join(standing.path[:1]),
                level=standing.site.level,
                expected=standing.site.expected,
                contact=standing.site.contact,
                phone=standing.site.phone,
                paired=standing.paired,
                revoked=standing.revoked,
                seen_ns=standing.last_seen_ns,
                not_ready=standing.site.id in self.not_ready,
                provider=standing.site.provider,
            )
            for standing in standings
        }
        await self.refresh_exams()
        self.loaded = True
        return self.cards

    async def refresh_exams(self) -> None:
        self.exams = await self._database.read(_current_exams)
        # The last one stands: marked exams first, then by T0.
        ordered = sorted(self.exams, key=lambda each: (each.exam.stage is not Stage.MARKED, each.exam.t0_ns))
        self._exam_at = {site: each for each in ordered for site in each.exam.sites}

    async def all_sites(self) -> frozenset[SiteId]:
        return frozenset(standing.site.id for standing in await self._sites.sites())

    async def lecturer_name(self, person: str) -> str | None:
        """The name of a person who exists."""
        found = await self._database.read(lambda conn: people_store.person_by_id(conn, person))
        return found[0].name if found else None

    def code_and_expected(self, site: SiteId) -> tuple[str, int]:
        card = self.cards.get(site)
        return (card.code, card.expected) if card else (site, 0)

    def exam_at(self, site: SiteId) -> CurrentExam | None:
        """The exam that concerns a site: the running one, else the newest."""
        return self._exam_at.get(site)


def _current_exams(conn: Connection) -> list[CurrentExam]:
    return [CurrentExam(exam, exam_store.registered(conn, exam.id)) for exam in exam_store.at_stages(conn, CURRENT)]
