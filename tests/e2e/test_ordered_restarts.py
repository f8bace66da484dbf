"""Orders to a whole agent process: its real kiosk browser is replaced, the agent starts itself again and loops not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from demo.children import Children
from demo.drill.main import first_sign_in
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.room import write_room
from demo.stage import start_centre
from tests.bench.orders_164 import agent_up, leader, run_command
from tests.doubles.browsers import KIOSK
from tests.doubles.lean import LEAN
from tests.doubles.small_day import until_told


async def test_screen_agent_and_log_of_a_whole_agent_by_order(tmp_path: Path) -> None:
    home, room = tmp_path / "home", tmp_path / "room"
    write_room(room, 12, frames=2, seed=1)
    flags = {"DIEMCAU_SCREEN__BROWSER_FLAGS": ";".join(KIOSK)}
    async with aiohttp.ClientSession() as http, Children(tmp_path, {}) as children:
        _, url = await start_centre(children, tmp_path, 0, LEAN)
        admin = Operator(http, url)
        await first_sign_in(admin, tmp_path)
        await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", workbook(make_province(1, 1)))
        (site,) = await admin.get("/api/v1/sites")
        code = (await admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"]
        await children.run("pair", ["site_agent.cli", "--home", str(home), "pair", "--server", url, "--code", code], 40)
        agent = await children.add("agent", run_command(home, room), **flags)
        await agent_up(agent, tmp_path / "agent.log")

        async def browser() -> int | None:
            return leader(home / "browser")

        async def ended(kind: str, **wish: object) -> dict[str, Any]:
            """The standing of an order at the site, once it is answered."""
            order = await admin.post("/api/v1/orders", {"kind": kind, "sites": [site["id"]], **wish})

            async def answered() -> dict[str, Any] | None:
                (row,) = (await admin.get(f"/api/v1/orders/{order['id']}"))["sites"]
                return {"order": order["id"], **row} if row["ended_ms"] else None

            return await until_told(answered, f"an answer to {kind}")

        first = await until_told(browser, "a kiosk browser")
        assert (await ended("restart_screen"))["state"] == "done"
        second = await until_told(browser, "another kiosk browser")
        assert second != first
        assert not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE

        before = _ups(tmp_path)
        assert (await ended("restart_agent"))["state"] == "done"
        assert _ups(tmp_path) == before + 1
        assert agent.running
        assert (await ended("notice", text_vi="Nghỉ 10 phút"))["state"] == "done"

        collected = await ended("collect_logs")
        packed = await admin.download(f"/api/v1/orders/{collected['order']}/logs/{site['id']}")
        events = [json.loads(line)["event"] for line in gzip.decompress(packed).splitlines()]
        assert {"agent_up", "restart_ordered", "order_answered"} <= set(events)
        assert _ups(tmp_path) == before + 1


def _ups(folder: Path) -> int:
    return (folder / "agent.log").read_text(encoding="utf-8").count('"agent_up"')
