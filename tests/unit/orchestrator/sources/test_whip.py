"""A key as a bearer token: who it lets in stays known until they leave or the key is revoked."""

from __future__ import annotations

from orchestrator.media.sources.job import State, Told, Way
from orchestrator.media.tokens import Seat
from orchestrator.media.workers import Reply
from orchestrator.sources.model import Source
from orchestrator.sources.whip import HANDSHAKE_LOOKS, KeyedDoor
from wire.ids import SessionId

SOURCE = Source("source-a", SessionId("session-a"), Way.RTMP, "OBS", Seat.LECTURER, "", "", "admin", 0, wanted=True)


class Engine:
    """Says yes, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply:
        self.asked.append((method, path, headers.get("Authorization", "")))
        return Reply(201 if method == "POST" else 200, [("Location", "/whip/s/one")], b"")


class Day:
    """One good key, one encoder, and what is told of it."""

    def __init__(self) -> None:
        self.good, self.connected = True, False
        self.told: list[State] = []
        self.engine = Engine()
        self.door = KeyedDoor(self.engine, self, self.hear, self.taken)

    def let_in(self, key: str, stream: str) -> tuple[Source, str]:
        return SOURCE, "signed"

    def still_in(self, source: str) -> bool:
        return self.good

    def hear(self, source: str, told: Told) -> None:
        self.told.append(told.state)

    async def taken(self, stream: str, seat: Seat) -> bool:
        return self.connected

    async def comes(self) -> None:
        await self.door.ask("POST", "s", "/whip/s", {"Authorization": "Bearer dc-key"}, b"offer")


async def test_a_key_becomes_a_token_and_a_token_stays_one() -> None:
    day = Day()
    await day.comes()
    await day.door.ask("POST", "s", "/whip/s", {"Authorization": "Bearer token.of-the-centre"}, b"offer")
    assert [bearer for _, _, bearer in day.engine.asked] == ["Bearer signed", "Bearer token.of-the-centre"]


async def test_a_revoked_key_ends_its_session_also_before_it_is_connected() -> None:
    day = Day()
    await day.comes()
    await day.door.sweep()
    assert day.told == [State.RUNNING]
    day.good = False
    await day.door.sweep()
    assert day.engine.asked[-1] == ("DELETE", "/whip/s/one", "Bearer signed")
    assert day.told == [State.RUNNING, State.STOPPED]


async def test_an_encoder_that_left_is_forgotten() -> None:
    day = Day()
    await day.comes()
    day.connected = True
    await day.door.sweep()
    day.connected = False
    await day.door.sweep()
    assert day.told == [State.RUNNING, State.STOPPED]


async def test_one_that_never_connects_is_forgotten_in_the_end() -> None:
    day = Day()
    await day.comes()
    for _ in range(HANDSHAKE_LOOKS + 1):
        await day.door.sweep()
    assert day.told == [State.RUNNING, State.STOPPED]
