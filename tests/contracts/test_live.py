"""One contract over both adapters of the live port: memory, and a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from redis.asyncio import Redis

from orchestrator.live.inbox import INBOX
from orchestrator.live.memory import MemoryBoard, MemoryBus, MemoryLeases
from orchestrator.live.port import Board, Bus, Lagged, Leases
from orchestrator.live.redis import CHANNEL, RedisBoard, RedisBus, RedisLeases
from tests.doubles.servers import redis_server


class Rang(msgspec.Struct, frozen=True):
    number: int


class Stopped(msgspec.Struct, frozen=True):
    why: str


class Live(msgspec.Struct):
    bus: Bus
    leases: Leases
    board: Board


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
async def live(request: pytest.FixtureRequest) -> AsyncIterator[Live]:
    if request.param == "memory":
        yield Live(MemoryBus(), MemoryLeases(), MemoryBoard())
        return
    redis = Redis.from_url(request.getfixturevalue("redis_url"))
    await redis.flushall()
    bus, ready = RedisBus(redis, [Rang, Stopped]), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(bus.listen(ready))
        await ready.wait()
        yield Live(bus, RedisLeases(redis), RedisBoard(redis))
        listening.cancel()
    await redis.aclose()


async def test_a_subscriber_hears_the_types_it_asked_for_in_order(live: Live) -> None:
    async with live.bus.subscribe(Rang) as events:
        for number in range(3):
            await live.bus.publish(Rang(number))
            await live.bus.publish(Stopped("noise"))
        heard = [await anext(events) for _ in range(3)]
    assert heard == [Rang(0), Rang(1), Rang(2)]


async def test_every_subscriber_hears_the_same(live: Live) -> None:
    async with live.bus.subscribe(Rang) as one, live.bus.subscribe(Rang, Stopped) as two:
        await live.bus.publish(Rang(7))
        assert await anext(one) == await anext(two) == Rang(7)


async def test_a_subscriber_that_is_too_slow_is_told_and_goes_on(live: Live) -> None:
    async with live.bus.subscribe(Rang) as slow, live.bus.subscribe(Stopped) as quick:
        for number in range(INBOX + 2):
            await live.bus.publish(Rang(number))
        await live.bus.publish(Stopped("end"))
        await anext(quick)
        with pytest.raises(Lagged):
            await anext(slow)
    async with live.bus.subscribe(Rang) as again:
        await live.bus.publish(Rang(-1))
        assert await anext(again) == Rang(-1)


async def test_a_lease_has_one_owner_until_it_is_released(live: Live) -> None:
    first = await live.leases.acquire("session:1", "a", 5)
    assert first is not None
    assert await live.leases.acquire("session:1", "b", 5) is None
    assert await live.leases.acquire("session:1", "a", 5) == first
    await live.leases.release("session:1", "b")
    assert await live.leases.acquire("session:1", "b", 5) is None
    await live.leases.release("session:1", "a")
    second = await live.leases.acquire("session:1", "b", 5)
    assert second is not None
    assert second > first


async def test_a_lease_that_ran_out_goes_to_the_next_with_a_higher_token(live: Live) -> None:
    first = await live.leases.acquire("session:2", "a", 0.05)
    assert first is not None
    await asyncio.sleep(0.1)
    taken = await live.leases.acquire("session:2", "b", 5)
    assert taken is not None
    assert taken > first


async def test_the_board_shows_what_was_put_and_forgets_what_was_dropped(live: Live) -> None:
    await live.board.put("site:1", b"one", 5)
    await live.board.put("site:2", b"two", 5)
    await live.board.put("exam*:1", b"x", 5)
    assert await live.board.get("site:1") == b"one"
    assert await live.board.items("site:") == {"site:1": b"one", "site:2": b"two"}
    assert await live.board.items("exam*") == {"exam*:1": b"x"}
    await live.board.drop("site:1")
    assert await live.board.get("site:1") is None
    assert await live.board.items("site:") == {"site:2": b"two"}


async def test_what_stands_on_the_board_expires(live: Live) -> None:
    await live.board.put("brief", b"gone soon", 0.02)
    await asyncio.sleep(0.05)
    assert await live.board.get("brief") is None
    assert await live.board.items("brief") == {}


async def test_a_process_goes_on_with_its_own_events_while_redis_is_away_and_is_told_when_it_is_back() -> None:
    with redis_server() as url:
        redis = Redis.from_url(url)
        bus, board, ready = RedisBus(redis, [Rang, Stopped]), RedisBoard(redis), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(bus.listen(ready))
            await ready.wait()
            async with bus.subscribe(Rang) as events:
                await redis.client_kill_filter(_type="pubsub")
                with pytest.raises(Lagged):
                    await anext(events)
            listening.cancel()
    async with bus.subscribe(Rang) as events:
        await bus.publish(Rang(1))
        await board.put("site:1", b"one", 5)
        assert await anext(events) == Rang(1)
    await redis.aclose()


async def test_what_a_stranger_says_on_the_channel_is_passed_over(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    bus, ready = RedisBus(redis, [Rang, Stopped]), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(bus.listen(ready))
        await ready.wait()
        async with bus.subscribe(Rang) as events:
            for octets in (b"noise", msgspec.msgpack.encode(["Rang", {"number": "many"}])):
                await redis.publish(CHANNEL, octets)
            await bus.publish(Rang(2))
            assert await anext(events) == Rang(2)
        listening.cancel()
    await redis.aclose()
