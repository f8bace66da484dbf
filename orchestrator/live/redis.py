"""Bus, Leases and Board over Redis, for several processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from orchestrator.live.inbox import Inbox
from orchestrator.live.port import Event
from wire.unreadable import UNREADABLE

log = structlog.get_logger()

PREFIX = "diemcau:"
CHANNEL = f"{PREFIX}bus"
RETRY_S = 0.5

ACQUIRE = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then return 0 end
if not owner then
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', redis.call('INCR', KEYS[2]))
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return tonumber(redis.call('HGET', KEYS[1], 'token'))
"""
RELEASE = "if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class _Away:
    """Tells once that Redis went away, and once that it is back."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._is_away = False

    def note(self, error: RedisError) -> None:
        if not self._is_away:
            log.warning("redis_away", what=self._what, error=str(error))
        self._is_away = True

    def over(self) -> None:
        if self._is_away:
            log.info("redis_back", what=self._what)
        self._is_away = False


class RedisBus:
    """One channel; events travel as [class name, fields]. Only the ``types`` given here are understood.

    While Redis is away a process still hears itself: links, exams and the wall go on, only the others are deaf.
    """

    def __init__(self, redis: Redis, types: list[type[Event]]) -> None:
        self._redis = redis
        self._away = _Away("bus")
        self._types = {each.__name__: each for each in types}
        self._inboxes: set[Inbox] = set()

    async def publish(self, event: Event) -> None:
        name = type(event).__name__
        if name not in self._types:
            raise TypeError(f"{name} was not named to the bus")
        try:
            await self._redis.publish(CHANNEL, msgspec.msgpack.encode([name, event]))
        except RedisError as error:
            self._away.note(error)
            self._offer(event)
        else:
            self._away.over()

    @asynccontextmanager
    async def subscribe(self, *types: type[Event]) -> AsyncIterator[AsyncIterator[Event]]:
        inbox = Inbox(types or tuple(self._types.values()))
        self._inboxes.add(inbox)
        try:
            yield inbox.events()
        finally:
            self._inboxes.discard(inbox)

    async def listen(self, ready: asyncio.Event) -> None:
        """Bring what others publish to this process's inboxes. Runs until cancelled; ``ready`` once subscribed."""
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "subscribe":
                            if ready.is_set():
                                self._lag()  # nobody knows what was said since the last line broke
                            ready.set()
                        elif message["type"] == "message":
                            self._deliver(message["data"])
            except RedisError as error:
                log.warning("bus_disconnected", error=str(error))
                await asyncio.sleep(RETRY_S)

    def _deliver(self, octets: bytes) -> None:
        try:
            name, fields = msgspec.msgpack.decode(octets, type=tuple[str, msgspec.Raw])
            kind = self._types.get(name)
            if kind is None:
                return  # a newer process tells something that this one does not know
            self._offer(msgspec.msgpack.decode(fields, type=kind))
        except UNREADABLE as error:
            log.warning("bus_not_understood", error=str(error))

    def _offer(self, event: Event) -> None:
        for inbox in self._inboxes:
            inbox.offer(event)

    def _lag(self) -> None:
        for inbox in self._inboxes:
            inbox.lag()


class RedisLeases:
    """A hash per lease with an expiry, and a counter per name that makes the fencing tokens."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def acquire(self, name: str, owner: str, ttl_s: float) -> int | None:
        keys = [f"{PREFIX}lease:{name}", f"{PREFIX}fence:{name}"]
        token = int(await self._redis.eval(ACQUIRE, 2, *keys, owner, str(int(ttl_s * 1000))))
        return token or None

    async def release(self, name: str, owner: str) -> None:
        await self._redis.eval(RELEASE, 1, f"{PREFIX}lease:{name}", owner)


class RedisBoard:
    """Keys with an expiry. What is put while Redis is away is missing to the others until it is put again."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._away = _Away("board")

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        try:
            await self._redis.set(f"{PREFIX}board:{key}", value, px=max(1, int(ttl_s * 1000)))
        except RedisError as error:
            self._away.note(error)
        else:
            self._away.over()

    async def get(self, key: str) -> bytes | None:
        return _octets(await self._redis.get(f"{PREFIX}board:{key}"))

    async def items(self, prefix: str) -> dict[str, bytes]:
        start = f"{PREFIX}board:"
        pattern = start + "".join(f"[{letter}]" if letter in "*?[]\\" else letter for letter in prefix) + "*"
        keys = [key async for key in self._redis.scan_iter(pattern, count=1000)]
        values = await self._redis.mget(keys) if keys else []
        found = {key.decode().removeprefix(start): _octets(value) for key, value in zip(keys, values, strict=True)}
        return {key: value for key, value in found.items() if value is not None}

    async def drop(self, key: str) -> None:
        await self._redis.delete(f"{PREFIX}board:{key}")


def _octets(value: bytes | str | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value
