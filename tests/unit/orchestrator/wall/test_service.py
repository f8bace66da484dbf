"""The wall over many sites leaves the loop to others, and says what happens with its reason."""

import asyncio

from orchestrator.live.memory import MemoryBus
from orchestrator.presence.model import Presence, PresenceState
from orchestrator.sessions.air.events import AirChanged
from orchestrator.wall.judge import Headcount, Show, SiteCard, Sitting
from orchestrator.wall.model import ExamStrip, SessionStrip
from orchestrator.wall.service import AT_ONCE, Wall
from tests.doubles.eventually import eventually
from tests.doubles.manual_clock import ManualClock
from wire.ids import SessionId, SiteId

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


async def test_who_comes_on_air_is_told_with_the_reason_or_with_who_ordered_it() -> None:
    bus = MemoryBus()
    wall = Wall(ManualClock(), bus, Sources())
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(wall.watch())
        await eventually(lambda: bool(wall.board.snapshot()["events"]))
        await asyncio.sleep(0)  # it listens from its first step on
        for air, why, by, lost in (
            ("lecturer", "preferred", "", False),
            ("slate", "lecturer_silent", "", True),
            ("standby", "ordered", "Nguyễn Thị Lan", False),
            ("", "nobody_sends", "", True),
        ):
            await bus.publish(AirChanged(SessionId("session-a"), "Chuyên đề", air, why, by, lost, 1))
        await eventually(lambda: len(wall.board.snapshot()["events"]) == 5)
        watching.cancel()
    told = wall.board.snapshot()["events"][1:]
    assert [(one.kind, one.severity, one.params["seat"], one.params["why"], one.params["by"]) for one in told] == [
        ("air_changed", 0, "lecturer", "preferred", ""),
        ("lecturer_lost", 3, "slate", "lecturer_silent", ""),
        ("air_ordered", 0, "standby", "ordered", "Nguyễn Thị Lan"),
        ("lecturer_lost", 3, "none", "nobody_sends", ""),
    ]
    assert {one.params["topic"] for one in told} == {"Chuyên đề"}
