"""A site's link over a real WebSocket: who may come in, and what survives a broken line or a centre begun anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.links.events import SecondBootRefused
from site_agent.link.uplink import INBOX, LineState
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
from tests.doubles.proxy import Line, proxied
from wire.codec import encode
from wire.ids import ClockState, OrderId
from wire.messages import (
    LectureOff,
    OrderSeen,
    Refusal,
    TimePing,
    TimePong,
)


@pytest_asyncio.fixture
async def centre(tmp_path: Path) -> AsyncIterator[LinkCentre]:
    async with link_centre(tmp_path) as centre:
        yield centre


async def test_a_paired_site_is_linked_and_heard(centre: LinkCentre, tmp_path: Path) -> None:
    async with agent_running(centre.enrol(), tmp_path) as agent:
        await eventually(lambda: centre.heartbeats.get(agent.identity.site, 0) >= 2)
        assert centre.links.linked() == {agent.identity.site}
        assert agent.uplink.state is LineState.UP


async def test_a_wrong_key_is_refused(centre: LinkCentre) -> None:
    identity = centre.enrol()
    stranger = Ed25519PrivateKey.generate().private_bytes_raw()
    assert await refused(msgspec.structs.replace(identity, sign_key=stranger)) == "bad_signature"


async def test_a_computer_that_was_never_paired_is_refused(centre: LinkCentre) -> None:
    identity = centre.enrol()
    centre.enrolled.clear()
    assert await refused(identity) == "not_enrolled"


async def test_a_hello_changed_on_the_way_is_refused(centre: LinkCentre) -> None:
    assert await refused(centre.enrol(), agent_version="older") == "bad_signature"


async def test_an_unknown_version_is_refused(centre: LinkCentre) -> None:
    assert await refused(centre.enrol(), version=9) == "version"


async def test_a_site_does_not_talk_to_a_centre_it_was_not_paired_with(centre: LinkCentre, tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    identity = msgspec.structs.replace(centre.enrol(), centre_key=other)
    async with agent_running(identity, tmp_path) as agent:
        await eventually(lambda: agent.uplink.refusal == "wrong_centre")
        assert agent.uplink.state is LineState.NEVER


async def test_what_is_sent_to_a_site_arrives_in_order_and_is_acknowledged(centre: LinkCentre, tmp_path: Path) -> None:
    async with agent_running(centre.enrol(), tmp_path) as agent:
        agent.listen(LectureOff)
        await eventually(up(agent))
        messages = [off(number) for number in range(300)]
        for sent, message in enumerate(messages, 1):
            assert centre.links.send(agent.identity.site, message)
            if sent % 100 == 0:
                await eventually(lambda sent=sent: len(agent.down) == sent)  # type: ignore[misc]
        assert agent.down == messages


async def test_a_site_that_is_not_linked_gets_nothing(centre: LinkCentre) -> None:
    assert centre.links.send(centre.enrol().site, off(1)) is False


async def test_an_order_seen_by_the_site_reaches_the_centre(centre: LinkCentre, tmp_path: Path) -> None:
    seen: list[str] = []

    async def note(_site: object, _enrolment: object, message: OrderSeen) -> None:
        seen.append(message.order)

    centre.links.on(OrderSeen, note)
    async with agent_running(centre.enrol(), tmp_path) as agent:
        await eventually(up(agent))
        agent.uplink.seen(OrderSeen(order=OrderId("order-1")))
        await eventually(lambda: seen == ["order-1"])


async def test_cuts_through_a_proxy_lose_and_double_nothing(centre: LinkCentre, tmp_path: Path) -> None:
    line = Line(up_s=0.002, down_s=0.004, jitter_s=0.01, seed=7)
    async with proxied("127.0.0.1", centre.port, line), agent_running(centre.enrol(line.url), tmp_path) as agent:
        agent.listen(LectureOff)
        await eventually(up(agent))
        site, sent = agent.identity.site, 0
        for number in range(12):
            await agent.declare(*range(number * 20, number * 20 + 20))
            for _ in range(5):
                assert centre.links.send(site, off(sent))
                sent += 1
            await asyncio.sleep(0.015)
            line.cut()
        await eventually(lambda: len(agent.down) == sent and agent.outbox.depth == 0)
        assert agent.down == [off(number) for number in range(sent)]
        assert centre.numbers(site) == list(range(240))
        assert line.accepted > 3
        assert centre.troubles == []


async def test_a_line_that_breaks_while_no_more_orders_have_a_place_loses_none(
    centre: LinkCentre, tmp_path: Path
) -> None:
    line, hold = Line(), asyncio.Event()
    down: list[LectureOff] = []

    async def react(message: LectureOff) -> None:
        await hold.wait()
        down.append(message)

    async with proxied("127.0.0.1", centre.port, line), agent_running(centre.enrol(line.url), tmp_path) as agent:
        agent.uplink.on(LectureOff, react)
        await eventually(up(agent))
        site, messages = agent.identity.site, [off(number) for number in range(INBOX + 12)]
        # One is before its reaction and the rest waits; the centre keeps no more than an inbox of them on the way.
        for part, waiting in ((messages[:200], 199), (messages[200:], INBOX)):
            for message in part:
                assert centre.links.send(site, message)
            await eventually(lambda waiting=waiting: agent.uplink._inbox.qsize() == waiting)  # type: ignore[misc]
            beats = centre.heartbeats.get(site, 0)
            await eventually(lambda beats=beats: centre.heartbeats.get(site, 0) >= beats + 2)  # type: ignore[misc]
        first = agent.uplink.connection
        line.cut()
        await eventually(lambda: agent.uplink.connection > first)
        hold.set()
        await eventually(lambda: len(down) >= len(messages))
        assert down == messages


async def test_a_partition_is_survived(centre: LinkCentre, tmp_path: Path) -> None:
    line = Line()
    async with proxied("127.0.0.1", centre.port, line), agent_running(centre.enrol(line.url), tmp_path) as agent:
        await eventually(up(agent))
        line.partition()
        await eventually(lambda: agent.uplink.state is LineState.DOWN)
        await eventually(lambda: not centre.links.linked())
        await agent.declare(*range(100))
        assert agent.outbox.depth == 100
        line.heal()
        await eventually(lambda: agent.outbox.depth == 0)
        assert centre.numbers(agent.identity.site) == list(range(100))


async def test_the_clock_is_synced_within_its_bound_over_an_uneven_line(centre: LinkCentre, tmp_path: Path) -> None:
    line = Line(up_s=0.02, down_s=0.001, jitter_s=0.003, seed=1)
    async with (
        proxied("127.0.0.1", centre.port, line),
        agent_running(centre.enrol(line.url), tmp_path, clock=True) as agent,
    ):
        await eventually(lambda: agent.clock.state is ClockState.SYNCED)
        before = centre.clock.now_ns()
        lo, hi = agent.clock.interval_ns()
        after = centre.clock.now_ns()
        assert lo <= after
        assert before <= hi
        assert agent.clock.health().delay_ms is not None


async def test_a_ping_is_answered_with_both_stamps(centre: LinkCentre) -> None:
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        before = centre.clock.now_ns()
        await hand.socket.send(hand.link.transient(TimePing(id=7, t0_ns=-3)))
        pong = await hand.hear()
        assert isinstance(pong, TimePong)
        assert (pong.id, pong.t0_ns) == (7, -3)
        assert before <= pong.t1_ns <= pong.t2_ns <= centre.clock.now_ns()


async def test_a_duplicate_is_passed_over(centre: LinkCentre) -> None:
    seen: list[str] = []

    async def note(_site: object, _enrolment: object, message: OrderSeen) -> None:
        seen.append(message.order)

    centre.links.on(OrderSeen, note)
    async with by_hand(centre.enrol()) as hand:
        assert isinstance(hand, Hand)
        for seq, order in ((1, "first"), (1, "again"), (2, "second")):
            await hand.socket.send(frame(seq, encode(OrderSeen(order=OrderId(order)))))
        await eventually(lambda: seen == ["first", "second"])


async def test_a_second_boot_is_refused_while_the_first_is_alive(centre: LinkCentre) -> None:
    identity = centre.enrol()
    async with by_hand(identity) as first:
        assert isinstance(first, Hand)
        assert await refused(identity) == "other_boot"
        await first.socket.send(first.link.transient(TimePing(id=1, t0_ns=0)))
        assert isinstance(await first.hear(), TimePong)
    assert centre.troubles == [SecondBootRefused(site=identity.site, enrolment=identity.enrolment)]
    await eventually(lambda: not centre.links.linked())
    async with by_hand(identity) as second:
        assert isinstance(second, Hand)
        assert second.welcome.resumed is False


async def test_the_newest_link_of_the_same_boot_wins_and_resumes(centre: LinkCentre) -> None:
    identity = centre.enrol()
    async with by_hand(identity) as first:
        assert isinstance(first, Hand)
        for number in range(3):
            centre.links.send(identity.site, off(number))
        assert await first.hear() == off(0)
        resume = {"boot": first.boot, "centre_boot": first.welcome.centre_boot, "received": 1}
        async with by_hand(identity, **resume) as second:  # type: ignore[arg-type]
            assert isinstance(second, Hand)
            assert second.welcome.resumed is True
            second.link = first.link
            assert [await second.hear(), await second.hear()] == [off(1), off(2)]
            await first.socket.wait_closed()
            assert centre.links.linked() == {identity.site}


async def test_a_new_boot_begins_anew(centre: LinkCentre) -> None:
    identity = centre.enrol()
    async with by_hand(identity) as first:
        assert isinstance(first, Hand)
        centre.links.send(identity.site, off(1))
    await eventually(lambda: not centre.links.linked())
    async with by_hand(identity, centre_boot=first.welcome.centre_boot) as second:
        assert isinstance(second, Hand)
        assert second.welcome.resumed is False
        centre.links.send(identity.site, off(2))
        assert await second.hear() == off(2)


async def test_a_revoked_site_is_closed_at_once(centre: LinkCentre, tmp_path: Path) -> None:
    async with agent_running(centre.enrol(), tmp_path) as agent:
        await eventually(up(agent))
        identity = agent.identity
        centre.enrolled[identity.enrolment] = Refusal(code="revoked", message="withdrawn")
        async with asyncio.timeout(10):
            await centre.links.close(identity.site, "revoked", "withdrawn")
        assert centre.links.linked() == frozenset()
        await eventually(lambda: agent.uplink.refusal == "revoked")
        assert agent.uplink.state is LineState.DOWN


async def test_a_restart_of_the_centre_is_survived(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(AsyncExitStack())
        centre, line = await first.enter_async_context(link_centre(tmp_path)), Line()
        await stack.enter_async_context(proxied("127.0.0.1", centre.port, line))
        agent = await stack.enter_async_context(agent_running(centre.enrol(line.url), tmp_path, clock=True))
        agent.listen(LectureOff)
        await eventually(lambda: agent.clock.state is ClockState.SYNCED)
        await agent.declare(*range(10))
        await eventually(lambda: agent.outbox.depth == 0)
        line.partition()
        await agent.declare(*range(10, 20))
        await first.aclose()
        again = await stack.enter_async_context(link_centre(tmp_path, before=centre))
        line.target = ("127.0.0.1", again.port)
        line.heal()
        await eventually(lambda: agent.outbox.depth == 0)
        assert again.numbers(agent.identity.site) == list(range(10, 20))
        assert again.links.send(agent.identity.site, off(1))
        await eventually(lambda: agent.down == [off(1)])
        await eventually(lambda: agent.clock.state is ClockState.SYNCED)
        assert again.troubles == []


async def test_a_centre_restored_from_a_backup_gets_everything_again(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    async with link_centre(tmp_path / "old") as before:
        identity = before.enrol()
        async with agent_running(identity, tmp_path) as agent:
            await agent.declare(*range(50))
            await eventually(lambda: agent.outbox.depth == 0)
    async with (
        link_centre(tmp_path / "new", before=before) as after,
        agent_running(msgspec.structs.replace(identity, server=after.base), tmp_path) as agent,
    ):
        await eventually(lambda: len(after.applied) == 50)
        assert after.numbers(identity.site) == list(range(50))
        await eventually(lambda: agent.outbox.depth == 0)
