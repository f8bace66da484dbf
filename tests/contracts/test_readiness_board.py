"""Certificates over the real link into a real centre: judged, waived, measured in turns, one word on the wall."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from demo.operator import OrderRefused
from tests.doubles.ready_agents import ReadyAgent, ReadyProvince, ready_province
from tests.doubles.small_day import until_told
from wire.messages import MeasureAsk
from wire.readiness import Check, CheckName, CheckState

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

DARK = Check(name=CheckName.CAMERA, state=CheckState.BAD, reason="dark")
WELL = Check(name=CheckName.CAMERA, state=CheckState.GOOD)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def province(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ReadyProvince]:
    async with ready_province(tmp_path_factory.mktemp("province"), sites=5) as made:

        async def imported() -> bool:
            return await made.row(made.sites[-1]["id"]) is not None

        await until_told(imported, "the sites on the board")
        yield made


@asynccontextmanager
async def joined(province: ReadyProvince, place: int) -> AsyncIterator[ReadyAgent]:
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        try:
            yield await province.join(stack, tasks, province.sites[place])
        finally:
            await stack.aclose()


async def until_verdict(province: ReadyProvince, site: str, verdict: str) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        row = await province.row(site)
        return row if row is not None and row["verdict"] == verdict else None

    return await until_told(there, f"{site} at {verdict}")


async def test_a_site_is_no_go_until_its_camera_is_repaired(province: ReadyProvince) -> None:
    site = province.sites[0]["id"]
    assert (await until_verdict(province, site, "no_go"))["findings"][0]["reason"] == "not_paired"
    async with joined(province, 0) as agent:
        assert (await until_verdict(province, site, "unknown"))["findings"][0]["reason"] == "none"
        await agent.certify(DARK)
        row = await until_verdict(province, site, "no_go")
        assert [(each["check"], each["reason"], each["grade"]) for each in row["findings"]] == [
            ("camera", "dark", "no_go")
        ]
        await agent.certify(WELL)
        await until_verdict(province, site, "go")
    told = await province.admin.get(f"/api/v1/sites/{site}/readiness")
    states = [next(check["state"] for check in each["checks"] if check["name"] == "camera") for each in told["history"]]
    assert states == ["good", "bad"]
    assert told["newest"]["platform"] == "Windows 10 22H2"


async def test_a_person_may_let_a_finding_pass_but_never_turns_it_green(province: ReadyProvince) -> None:
    site = province.sites[1]["id"]
    path = f"/api/v1/sites/{site}/readiness/waivers"
    wish = {
        "check": "camera",
        "reason": "dark",
        "why": "máy ảnh mới về ngày mai",
        "until_ms": time.time_ns() // 1_000_000 + 3_600_000,
    }
    async with joined(province, 1) as agent:
        await agent.certify(WELL)
        await until_verdict(province, site, "go")
        with pytest.raises(OrderRefused, match="no_finding"):
            await province.admin.post(path, wish)
        await agent.certify(DARK)
        await until_verdict(province, site, "no_go")
        with pytest.raises(OrderRefused, match="no_reason"):
            await province.admin.post(path, wish | {"why": " "})
        waiver = await province.admin.post(path, wish)
        row = await until_verdict(province, site, "care")
        assert [(each["grade"], each["waiver"]) for each in row["findings"]] == [("waived", waiver["id"])]
        await province.admin.post(f"/api/v1/readiness/waivers/{waiver['id']}/withdraw")
        await until_verdict(province, site, "no_go")
    (kept,) = (await province.admin.get(f"/api/v1/sites/{site}/readiness"))["waivers"]
    assert (kept["by"], kept["withdrawn_by"], kept["why"]) == ("admin", "admin", "máy ảnh mới về ngày mai")
    deeds = {row["action"] for row in await province.admin.get("/api/v1/audit")}
    assert {"readiness.waive", "readiness.withdraw"} <= deeds


async def test_what_the_day_needs_is_data(province: ReadyProvince) -> None:
    site = province.sites[2]["id"]
    rule = "/api/v1/readiness/rule"
    async with joined(province, 2) as agent:
        await agent.certify(DARK)
        await until_verdict(province, site, "no_go")
        await province.admin.put(rule, {"needs": {"camera": "no"}, "fresh_s": 7200})
        await until_verdict(province, site, "go")
        told = await province.admin.get(rule)
        assert (told["own"], told["fresh_s"], told["needs"]["camera"], told["needs"]["disk"]) == (
            True,
            7200,
            "no",
            "must",
        )
        await province.admin.put(rule, {"needs": {}, "fresh_s": 86_400})
        await until_verdict(province, site, "no_go")
    with pytest.raises(OrderRefused, match="no_course"):
        await province.admin.get("/api/v1/readiness/board?course=course-none")


async def test_a_reader_gets_what_changed_since(province: ReadyProvince) -> None:
    first = await province.admin.get("/api/v1/readiness/board")
    assert first["whole"]
    assert {len(first["rows"]), len(first["rooms"])} == {len(province.sites)}
    path = f"/api/v1/readiness/board?since={first['version']}&boot={first['boot']}"
    async with joined(province, 3) as agent:
        await agent.certify(DARK)

        async def told() -> dict[str, Any] | None:
            answer = await province.admin.get(path)
            mine = [row for row in answer["rows"] if row["findings"][:1] and row["findings"][0]["reason"] == "dark"]
            return answer if mine else None

        answer = await until_told(told, "the change")
    assert not answer["whole"]
    assert province.sites[3]["id"] in {row["site"] for row in answer["rows"]}
    assert answer["rooms"] == []


async def test_the_wall_has_one_word_of_each_site(province: ReadyProvince) -> None:
    async def told() -> list[dict[str, Any]] | None:
        async with await province.admin.wall() as feed:
            snapshot = json.loads((await feed.receive()).data)
        words: list[dict[str, Any]] = snapshot.get("readiness", [])
        return words if len(words) == len(province.sites) else None

    words = await until_told(told, "a word of each site")
    assert {each["id"] for each in words} == {each["id"] for each in province.sites}
    assert {each["verdict"] for each in words} <= {"go", "care", "no_go", "unknown"}


async def test_a_site_measures_its_line_in_its_turn(province: ReadyProvince) -> None:
    async with joined(province, 4) as agent, aiohttp.ClientSession() as http:
        agent.uplink.tell(MeasureAsk(ask=7))

        async def granted() -> Any:
            return agent.turns[0] if agent.turns else None

        turn = await until_told(granted, "a turn")
        assert turn.ask == 7
        address = province.url + turn.path
        async with http.get(address) as reply:
            assert len(await reply.read()) == turn.down_bytes
        async with http.get(address) as again:
            assert again.status == 403
        async with http.post(address, data=bytes(turn.up_bytes)) as reply:
            assert (await reply.json())["octets"] == turn.up_bytes
        async with http.post(address, data=b"x") as after:
            assert after.status == 403
        headers = {"Authorization": f"Bearer {turn.token}", "Content-Type": "application/sdp"}
        async with http.post(turn.whep_url, data="v=0", headers=headers) as reply:
            assert (await reply.json())["code"] not in {"token_other", "token_forged", "token_expired"}
