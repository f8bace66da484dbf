"""The wall over many sites leaves the loop to others."""

import asyncio

from orchestrator.live.memory import MemoryBus
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting
from orchestrator.wall.model import ExamStrip, SessionStrip
from orchestrator.wall.service import AT_ONCE, Wall
from tests.doubles.eventually import eventually
from tests.doubles.manual_clock import ManualClock
from wire.ids import SiteId

SITES = 20 * AT_ONCE


class Sources:
    """A province of online sites where nothing happens."""

    async def cards(self) -> dict[SiteId, SiteCard]:
        return {SiteId(f"site-{n}"): card(n) for n in range(SITES)}

    def presence(self, site: SiteId) -> Presence:
        return Presence(site, PresenceState.ONLINE)

    def heads(self, _site: SiteId) -> Headcount:
        return Headcount()

    def show(self, _site: SiteId) -> Show | None:
        return None

    def sitting(self, _site: SiteId) -> Sitting | None:
        return None

    def sessions(self) -> list[SessionStrip]:
        return []

    def exams(self) -> list[ExamStrip]:
        return []


def card(number: int) -> SiteCard:
    return SiteCard(
        id=SiteId(f"site-{number}"),
        code=f"DC{number}",
        name=f"Trường {number}",
        path=["Lào Cai", "Sa Pa"],
        district="Sa Pa",
        level="thcs",
        expected=40,
        contact="",
        phone="",
        paired=True,
        revoked=False,
    )


async def test_judging_every_site_lets_others_in_between() -> None:
    wall = Wall(ManualClock(), MemoryBus(), Sources())
    turns = [0]

    async def others() -> None:
        while len(wall.board.sites()) < SITES:
            turns[0] += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(others())
        watching = tasks.create_task(wall.watch())
        await eventually(lambda: len(wall.board.sites()) == SITES)
        watching.cancel()
    assert turns[0] >= SITES // AT_ONCE
