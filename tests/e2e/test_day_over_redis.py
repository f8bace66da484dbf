"""The same day with Redis instead of memory: events, leases and the board go through a real server."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from tests.doubles.servers import redis_server
from tests.doubles.small_day import local_state, small_day, until_told


async def test_orders_presence_and_leases_go_through_redis(tmp_path: Path) -> None:
    with redis_server() as url:
        async with small_day(tmp_path, sites=2, configured={"DIEMCAU_LIVE__REDIS_URL": url}) as stage:
            now_ms = time.time_ns() // 1_000_000
            plan = {"topic": "Buổi qua Redis", "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000}
            session = await stage.admin.post("/api/v1/sessions", plan)
            await stage.admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "go_live"})

            async def all_shown() -> bool:
                views = [await local_state(stage, school) for school in stage.schools]
                return all(view["lecture"] and view["lecture"]["session"] == session["id"] for view in views)

            await until_told(all_shown, "the lecture on every screen")
            redis = Redis.from_url(url)
            expected = {f"diemcau:board:presence:{school.id}" for school in stage.schools}

            async def all_told() -> bool:
                return {key.decode() async for key in redis.scan_iter("diemcau:board:presence:*")} == expected

            await until_told(all_told, "each site's presence on the board")
            lease = await redis.hgetall(f"diemcau:lease:session:{session['id']}")
            await redis.aclose()
            assert lease[b"owner"]
            assert await until_told(lambda: _online(stage.admin), "every site online on the wall")


async def _online(admin: Any) -> int:
    async with await admin.wall() as feed:
        told = await feed.receive_json()
    states = [tile["state"] for tile in told["sites"]]
    return len(states) if states and set(states) == {"online"} else 0
