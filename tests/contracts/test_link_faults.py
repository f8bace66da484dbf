"""A site's link over a real WebSocket: what is refused, how, and that nobody else is hurt."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from websockets.exceptions import ConnectionClosed

from orchestrator.links.service import FAULTS_PER_MINUTE
from site_agent.link.uplink import LineState
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import (
    Hand,
    LinkCentre,
    agent_running,
    by_hand,
    frame,
    link_centre,
    off,
    refused,
    up,
)
from wire.codec import encode
from wire.ids import OrderId
from wire.messages import (
    MAX_FRAME_BYTES,
    Heartbeat,
    LectureOff,
    Notice,
    OrderSeen,
)


@pytest_asyncio.fixture
async def centre(tmp_path: Path) -> AsyncIterator[LinkCentre]:
    async with link_centre(tmp_path) as centre:
        yield centre


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"\xc1", "malformed"),
        (frame(0, b"\xc3"), "malformed"),
        (frame(0, msgspec.msgpack.encode({"type": "Fireworks"})), "unknown_message"),
        (frame(1, encode(off(1))), "not_allowed"),
        (frame(5, encode(OrderSeen(order=OrderId("o")))), "gap"),
        (frame(0, encode(OrderSeen(order=OrderId("o"))), ack=9), "bad_ack"),
        (b"\xc4" * (MAX_FRAME_BYTES + 1), "too_large"),
        ("text", "malformed"),
    ],
)
async def test_a_faulty_message_is_refused_and_nobody_else_is_hurt(
    centre: LinkCentre, tmp_path: Path, octets: bytes | str, code: str
) -> None:
    async with agent_running(centre.enrol(), tmp_path) as other:
        await eventually(up(other))
        async with by_hand(centre.enrol()) as hand:
            assert isinstance(hand, Hand)
            await hand.socket.send(octets)
            assert (await hand.refusal()).code == code
        before = centre.heartbeats.get(other.identity.site, 0)
        await eventually(lambda: centre.heartbeats.get(other.identity.site, 0) > before)
        assert other.uplink.state is LineState.UP


async def test_garbage_of_every_kind_is_refused_and_nobody_else_is_hurt(centre: LinkCentre, tmp_path: Path) -> None:
    chance = random.Random(11)
    good = frame(0, encode(Heartbeat(at_ns=1, agent_version="hand")))
    async with agent_running(centre.enrol(), tmp_path) as other:
        await eventually(up(other))
        for _ in range(40):
            garbage = bytearray(good)
            for _ in range(chance.randrange(1, 6)):
                garbage[chance.randrange(len(garbage))] = chance.randrange(256)
            async with by_hand(centre.enrol()) as hand:
                assert isinstance(hand, Hand)
                await hand.socket.send(bytes(garbage))
                await hand.socket.send(chance.randbytes(chance.randrange(1, 300)))
                await hand.socket.send(b"\xc1")
                assert (await hand.refusal()).code in {"malformed", "unknown_message", "not_allowed", "gap", "bad_ack"}
        assert other.uplink.state is LineState.UP
        await eventually(lambda: centre.links.linked() == {other.identity.site})


async def test_a_site_that_keeps_breaking_the_rules_must_wait(centre: LinkCentre) -> None:
    identity = centre.enrol()
    for _ in range(FAULTS_PER_MINUTE):
        async with by_hand(identity) as hand:
            assert isinstance(hand, Hand)
            await hand.socket.send(b"\xc1")
            await hand.refusal()
        await eventually(lambda: not centre.links.linked())
    assert await refused(identity) == "too_many_faults"


async def test_a_monstrous_frame_is_not_even_read(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        with contextlib.suppress(ConnectionClosed):
            await hand.socket.send(b"\x00" * (3 * MAX_FRAME_BYTES))
        with pytest.raises(ConnectionClosed) as closed:
            await hand.socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_flood_of_messages_is_refused(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        beat = hand.link.transient(Heartbeat(at_ns=1, agent_version="hand"))
        with contextlib.suppress(ConnectionClosed):
            for _ in range(20_000):
                await hand.socket.send(beat)
        assert (await hand.refusal()).code == "too_fast"


async def test_a_site_that_does_not_read_is_dropped_and_nobody_else_is_hurt(centre: LinkCentre, tmp_path: Path) -> None:
    long = "x" * 2000
    async with agent_running(centre.enrol(), tmp_path) as other, by_hand(centre.enrol()) as deaf:
        assert isinstance(deaf, Hand)
        other.listen(LectureOff)
        await eventually(up(other))
        (site,) = centre.links.linked() - {other.identity.site}
        deaf.socket.transport.pause_reading()
        sent = 0
        while centre.links.send(site, Notice(id=OrderId(f"{sent}"), text_vi=long, text_en=long, until_ns=1)):
            sent += 1
            await asyncio.sleep(0)
        assert sent == 256
        await eventually(lambda: centre.links.linked() == {other.identity.site})
        assert centre.links.send(other.identity.site, off(1))
        await eventually(lambda: other.down == [off(1)])
