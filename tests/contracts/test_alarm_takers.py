"""Several operators at one alarm, over real HTTP and SQL: one has it, the others are told who, one may take it over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from orchestrator.access.model import Role
from orchestrator.alarms import report
from orchestrator.alarms.duty import Taken, Taking
from orchestrator.alarms.model import Acknowledgement
from orchestrator.alarms.wording import Names, hour_of
from orchestrator.live.memory import MemoryLeases
from tests.contracts.test_alarms_http import Alarmed, opened
from tests.doubles.centre import PASSWORD, Page

NAMES = {"lan": "Nguyễn Thị Lan", "minh": "Vi Văn Minh", "hoa": "Lương Thị Hoa"}
S = 10**9


class Shift:
    """Three operators before one alarm of a district."""

    def __init__(self, alarmed: Alarmed, alarm: str, pages: dict[str, Page]) -> None:
        self.alarmed, self.alarm, self.pages = alarmed, alarm, pages
        self.path = f"/api/v1/alarms/{alarm}/taken"

    async def take(self, who: str, **wish: object) -> tuple[int, Any]:
        return await self.pages[who].call("POST", self.path, {"for_s": 600, **wish})

    async def give_back(self, who: str) -> tuple[int, Any]:
        return await self.pages[who].call("DELETE", self.path)

    def holder(self) -> Acknowledgement | None:
        """Who has it, as the wall was last told."""
        return self.alarmed.shown[-1].alarms[0].acknowledged

    async def story(self) -> list[str]:
        """What the incident log says of who had it."""
        log = await self.alarmed.watch.log(0, 2**62)
        told = report.lines(log, Names({}))
        return [line.text for line in told if line.kind in ("acknowledged", "acknowledgement_ended")]

    async def trail(self) -> list[tuple[str, str, str]]:
        rows = await self.alarmed.database.read(lambda conn: self.alarmed.centre.audit.newest(conn, 100))
        return [(row.who, row.action, row.detail) for row in reversed(rows) if row.target == self.alarm]


@pytest.fixture
async def shift(tmp_path: Path) -> AsyncIterator[Shift]:
    async with opened(tmp_path) as alarmed, AsyncExitStack() as stack:
        alarm = await alarmed.lose_a_district()
        for username, name in NAMES.items():
            await alarmed.centre.access.create_person("test", username, name, Role.OPERATOR, PASSWORD)
        pages = {who: await stack.enter_async_context(alarmed.centre.page(who)) for who in NAMES}
        yield Shift(alarmed, alarm, pages)


async def test_of_three_who_take_it_at_the_same_instant_one_has_it_and_the_others_learn_who(shift: Shift) -> None:
    done = dict(zip(NAMES, await asyncio.gather(*(shift.take(who) for who in NAMES)), strict=True))
    (winner,) = [who for who, (status, _) in done.items() if status == 200]
    lost = [(status, told) for who, (status, told) in done.items() if who != winner]
    holder = shift.holder()
    assert holder is not None
    assert (holder.by, holder.name) == (winner, NAMES[winner])
    until = hour_of(holder.until_ns or 0)
    for status, told in lost:
        assert (status, told["code"], told["by"], told["name"]) == (409, "taken", winner, NAMES[winner])
        assert told["until_ms"] == (holder.until_ns or 0) // 1_000_000
        assert told["message"] == (
            f"{NAMES[winner]} đang xử lý báo động này đến {until}. / {NAMES[winner]} has this alarm until {until}."
        )
    assert len(await shift.story()) == 1
    assert await shift.trail() == [(winner, "alarms.taken", "{}")]


async def test_two_centres_on_one_database_give_an_alarm_to_one(shift: Shift) -> None:
    other = shift.alarmed.started("two")
    await other.look()
    assert (await shift.take("lan"))[0] == 200
    assert other.alarms[shift.alarm].acknowledged is None
    with pytest.raises(Taken) as refused:
        await other.acknowledge("minh", "Vi Văn Minh", shift.alarm, Taking(600))
    assert refused.value.fields["by"] == "lan"
    await other.look()
    assert other.alarms[shift.alarm].acknowledged == shift.holder()


async def test_what_another_centre_was_asked_counts_for_the_one_that_looks_at_the_sites(shift: Shift) -> None:
    other = shift.alarmed.started("two")
    await other.look()
    await shift.take("lan", for_s=30)
    await other.acknowledge("minh", "Vi Văn Minh", shift.alarm, Taking(600, instead_of="lan"))
    await shift.alarmed.run(31)
    holder = shift.holder()
    assert holder is not None
    assert holder.by == "minh"
    assert len(await shift.story()) == 2


async def test_whoever_says_from_whom_takes_it_over_and_the_incident_log_names_them(shift: Shift) -> None:
    await shift.take("lan", word="đã gọi VNPT")
    assert (await shift.take("minh", instead_of="hoa"))[0] == 409
    assert (await shift.take("minh", instead_of="lan", word="Lan nghỉ trưa"))[0] == 200
    holder = shift.holder()
    assert holder is not None
    assert (holder.by, holder.word) == ("minh", "Lan nghỉ trưa")
    story = await shift.story()
    assert [line.split(" đến ")[0] for line in story] == [
        "Nguyễn Thị Lan nhận xử lý",
        "Vi Văn Minh nhận xử lý thay Nguyễn Thị Lan",
    ]
    assert await shift.trail() == [
        ("lan", "alarms.taken", "{}"),
        ("minh", "alarms.taken", '{"instead_of":"Nguyễn Thị Lan"}'),
    ]
    shift.alarmed.leases = MemoryLeases()
    again = shift.alarmed.started("after a restart")
    await again.look()
    assert again.alarms[shift.alarm].acknowledged == holder


async def test_of_two_who_take_it_over_at_the_same_instant_one_has_it(shift: Shift) -> None:
    await shift.take("lan")
    done = await asyncio.gather(*(shift.take(who, instead_of="lan") for who in ("minh", "hoa")))
    assert sorted(status for status, _ in done) == [200, 409]
    holder = shift.holder()
    assert holder is not None
    assert [told["by"] for status, told in done if status == 409] == [holder.by]


async def test_once_its_time_is_over_anybody_takes_it(shift: Shift) -> None:
    await shift.take("lan", for_s=30)
    await shift.alarmed.run(29)
    assert (await shift.take("minh"))[0] == 409
    shift.alarmed.clock.advance(1)
    assert (await shift.take("minh"))[0] == 200
    await shift.alarmed.run(1)
    holder = shift.holder()
    assert holder is not None
    assert holder.by == "minh"
    assert [line.split(" đến ")[0] for line in await shift.story()] == [
        "Nguyễn Thị Lan nhận xử lý",
        "Vi Văn Minh nhận xử lý",
    ]


async def test_nobody_gives_back_what_another_has(shift: Shift) -> None:
    await shift.take("lan")
    status, told = await shift.give_back("minh")
    assert (status, told["code"], told["name"]) == (409, "taken", "Nguyễn Thị Lan")
    assert (await shift.give_back("lan"))[0] == 200
    assert shift.holder() is None
    assert (await shift.take("minh"))[0] == 200
