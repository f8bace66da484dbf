"""Rehearsals over the real link: told, looked at, opened; whoever is away is told later; moved, called off, printed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from demo.operator import OrderRefused
from tests.doubles.ready_agents import ReadyAgent, ReadyProvince, ready_province
from tests.doubles.small_day import until_told
from wire.messages import RehearsalOff, RehearsalOrder
from wire.readiness import Check, CheckName, CheckState

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

HOUR_MS = 3_600_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def province(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ReadyProvince]:
    async with ready_province(tmp_path_factory.mktemp("province"), sites=7) as made:

        async def imported() -> bool:
            return await made.row(made.sites[-1]["id"]) is not None

        await until_told(imported, "the sites on the board")
        yield made


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def planned(province: ReadyProvince, t0_ms: int, *places: int) -> dict[str, Any]:
    wish = {"title": "Tổng duyệt lần 1", "t0_ms": t0_ms, "sites": [province.sites[place]["id"] for place in places]}
    made: dict[str, Any] = await province.admin.post("/api/v1/readiness/rehearsals", wish)
    return made


async def steps(province: ReadyProvince, rehearsal: str) -> dict[str, dict[str, Any]]:
    told = await province.admin.get(f"/api/v1/readiness/rehearsals/{rehearsal}")
    return {each["site"]: each for each in told["sites"]}


async def test_a_rehearsal_from_the_order_to_the_printed_summary(province: ReadyProvince) -> None:
    here, later, away = (province.sites[place]["id"] for place in (0, 1, 2))
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        first = await province.join(stack, tasks, province.sites[0])
        rehearsal = await planned(province, now_ms() + 15_000, 0, 1, 2)
        assert (rehearsal["sites"], rehearsal["kind"]) == (3, "drill")

        async def looked() -> dict[str, dict[str, Any]] | None:
            told = await steps(province, rehearsal["id"])
            return told if told[here]["step"] == "looked" else None

        told = await until_told(looked, "the first look")
        assert (told[later]["step"], told[away]["step"]) == ("away", "away")
        assert told[here]["seen_ms"] is not None
        second = await province.join(stack, tasks, province.sites[1])
        second.opens_late_ms = None
        second.checks[CheckName.CAMERA] = Check(name=CheckName.CAMERA, state=CheckState.BAD, reason="dark")

        async def opened() -> dict[str, dict[str, Any]] | None:
            told = await steps(province, rehearsal["id"])
            return told if told[here]["step"] == "opened" and told[later]["step"] == "missed" else None

        told = await until_told(opened, "the simulated start")
        assert (told[here]["lo_ms"], told[here]["hi_ms"], told[here]["verdict"]) == (2.0, 22.0, "go")
        assert (told[later]["verdict"], told[later]["findings"][0]["reason"]) == ("no_go", "dark")
        assert [type(each) for each in first.orders] == [RehearsalOrder]
        await stack.aclose()
    path = f"/api/v1/readiness/rehearsals/{rehearsal['id']}"
    assert (await province.admin.download(f"{path}/summary.pdf")).startswith(b"%PDF")
    assert (await province.admin.download(f"{path}/summary.xlsx")).startswith(b"PK")


async def test_a_moved_start_is_a_new_order_and_the_old_one_is_off(province: ReadyProvince) -> None:
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        agent = await province.join(stack, tasks, province.sites[3])
        old = await planned(province, now_ms() + HOUR_MS // 2, 3)
        await until_orders(agent, 1)
        new = await province.admin.post(
            f"/api/v1/readiness/rehearsals/{old['id']}/move", {"t0_ms": now_ms() + HOUR_MS // 3}
        )
        orders = await until_orders(agent, 3)
        assert {type(each) for each in orders[1:]} == {RehearsalOff, RehearsalOrder}
        assert {each.id for each in orders} == {old["id"], new["id"]}
        await province.admin.post(f"/api/v1/readiness/rehearsals/{new['id']}/off")
        orders = await until_orders(agent, 4)
        assert orders[3] == RehearsalOff(id=new["id"])
        await stack.aclose()
    listed = {each["id"]: each["stage"] for each in await province.admin.get("/api/v1/readiness/rehearsals")}
    assert listed[new["id"]] == "off"
    assert old["id"] not in listed
    with pytest.raises(OrderRefused, match="rehearsal_over"):
        await province.admin.post(f"/api/v1/readiness/rehearsals/{new['id']}/off")


async def test_nothing_goes_out_before_its_hour(province: ReadyProvince) -> None:
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        agent = await province.join(stack, tasks, province.sites[4])
        far = await planned(province, now_ms() + 3 * HOUR_MS, 4)
        assert (far["stage"], far["t0_ms"] - far["from_ms"]) == ("planned", HOUR_MS)
        near = await planned(province, now_ms() + HOUR_MS // 2, 4)
        orders = await until_orders(agent, 1)
        assert [each.id for each in orders] == [near["id"]]
        for each in (far, near):
            await province.admin.post(f"/api/v1/readiness/rehearsals/{each['id']}/off")
        await stack.aclose()
    for wish, code in (
        ({"title": " ", "t0_ms": now_ms() + HOUR_MS}, "bad_title"),
        ({"title": "x", "t0_ms": now_ms() - HOUR_MS}, "bad_start"),
        ({"title": "x", "t0_ms": now_ms() + HOUR_MS, "sites": []}, "no_site"),
        ({"title": "x", "t0_ms": now_ms() + HOUR_MS, "sites": ["site-none"]}, "no_such_site"),
    ):
        with pytest.raises(OrderRefused, match=code):
            await province.admin.post("/api/v1/readiness/rehearsals", wish)


async def test_a_planned_session_gets_its_hour_of_practice_by_itself(province: ReadyProvince) -> None:
    lecturer = await province.admin.post(
        "/api/v1/people", {"username": "giangvien", "name": "Nguyễn Thị Tuyết", "role": "lecturer"}
    )
    starts_ms = now_ms() + 5 * HOUR_MS
    session = await province.admin.post(
        "/api/v1/sessions",
        {
            "topic": "Chuyên đề 1",
            "lecturer": lecturer["id"],
            "starts_ms": starts_ms,
            "ends_ms": starts_ms + HOUR_MS,
            "sites": [province.sites[5]["id"]],
        },
    )

    async def practice(stage: str) -> dict[str, Any] | None:
        listed = await province.admin.get("/api/v1/readiness/rehearsals")
        mine = [each for each in listed if (each["kind"], each["title"]) == ("practice", "Chuyên đề 1")]
        return next((each for each in mine if each["stage"] == stage), None)

    found = await until_told(lambda: practice("planned"), "the practice")
    assert (found["title"], found["sites"], found["before_ms"]) == ("Chuyên đề 1", 1, starts_ms)
    assert (starts_ms - found["from_ms"], starts_ms - found["t0_ms"], found["until_ms"]) == (
        HOUR_MS,
        HOUR_MS // 2,
        starts_ms,
    )
    await province.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "cancel"})
    await until_told(lambda: practice("off"), "the end of the practice of a cancelled session")


async def test_a_site_whose_earlier_session_fell_away_practises_with_the_others(province: ReadyProvince) -> None:
    lecturer = await province.admin.post(
        "/api/v1/people", {"username": "giangvien2", "name": "Nguyễn Văn Toàn", "role": "lecturer"}
    )
    shared, other = province.sites[6]["id"], province.sites[5]["id"]

    async def session(topic: str, in_hours: int, sites: list[str]) -> str:
        starts_ms = now_ms() + in_hours * HOUR_MS
        times = {"starts_ms": starts_ms, "ends_ms": starts_ms + HOUR_MS}
        wish = {"topic": topic, "lecturer": lecturer["id"], "sites": sites, **times}
        return str((await province.admin.post("/api/v1/sessions", wish))["id"])

    async def practising(*topics: str) -> list[str] | None:
        """The sites of the practices of these sessions, once each of them has one."""
        listed = await province.admin.get("/api/v1/readiness/rehearsals")
        mine = [each for each in listed if each["title"] in topics and each["stage"] == "planned"]
        told = [await steps(province, each["id"]) for each in mine]
        return sorted(site for each in told for site in each) if {each["title"] for each in mine} == {*topics} else None

    morning = await session("Buổi sáng", 6, [shared])
    assert await until_told(lambda: practising("Buổi sáng"), "the practice of the morning") == [shared]
    await session("Buổi chiều", 9, [shared, other])
    assert await until_told(lambda: practising("Buổi chiều"), "the practice of the afternoon") == [other]
    await province.admin.post(f"/api/v1/sessions/{morning}/orders", {"order": "cancel"})

    async def everybody() -> bool:
        return await practising("Buổi chiều") == sorted([shared, other])

    await until_told(everybody, "the practice of the site whose morning fell away")


async def until_orders(agent: ReadyAgent, number: int) -> list[Any]:
    async def told() -> list[Any] | None:
        return agent.orders if len(agent.orders) >= number else None

    orders = await until_told(told, f"{number} orders")
    assert len(orders) == number
    return orders
