"""Orders over real links, real SQLite and the agents' real parts; only time is moved by hand."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestrator.attendance.events import CountReceived
from orchestrator.errors import Refused
from orchestrator.orders import store
from orchestrator.orders.logbook import KEEP_NS
from orchestrator.orders.model import OrderState
from orchestrator.orders.service import ANSWER_NS, Orders
from orchestrator.orders.views import order_here
from tests.doubles.eventually import eventually
from tests.doubles.order_day import MINUTE, World, eventually_a_moment, world
from wire.ids import EnrolmentId, RollCallId
from wire.messages import OrderSeen
from wire.orders import LogPiece, OrderAnswer, OrderKind, OrderOutcome

S = OrderState


async def test_an_order_to_many_some_away_is_answered_repeated_and_expires(tmp_path: Path) -> None:
    async with world(tmp_path, 12) as day:
        there, returning, gone = day.rooms[:8], day.rooms[8:10], day.rooms[10:]
        for room in there:
            await room.link(day)
        order = await day.give(OrderKind.RESTART_SCREEN)
        await day.pass_s(4.9)
        assert await day.standing(order) == {S.HELD: 12}
        assert [room.agent.screen.restarts for room in there] == [0] * 8
        await day.pass_s(0.2)
        await day.until(order, done=8, waiting=4)
        for room in returning:
            await room.link(day)
        await day.until(order, done=10, waiting=2)
        await day.pass_s(5 * MINUTE)
        assert await day.standing(order) == {S.DONE: 10, S.EXPIRED: 2}
        for room in gone:
            await room.link(day)
        await day.pass_s(1)
        assert [room.agent.screen.restarts for room in day.rooms] == [1] * 10 + [0] * 2
        assert await day.trail(order) == {"order.given": 1, "order.done": 10, "order.expired": 2}
        assert (await day.links.database.read(day.audit.verify)).broken_at is None


async def test_within_five_seconds_an_order_is_undone_and_nothing_of_it_ever_leaves(tmp_path: Path) -> None:
    async with world(tmp_path, 2) as day:
        for room in day.rooms:
            await room.link(day)
        order = await day.give(OrderKind.RESTART_SCREEN)
        await day.pass_s(4.9)
        await day.orders.undo("truchoi", order.id)
        await day.pass_s(10 * MINUTE)
        assert await day.standing(order) == {S.UNDONE: 2}
        assert [room.agent.screen.restarts for room in day.rooms] == [0, 0]
        assert await day.trail(order) == {"order.given": 1, "order.undone": 1}
        with pytest.raises(Refused, match="không hoàn tác"):
            await day.orders.undo("truchoi", order.id)


async def test_an_order_that_has_left_cannot_be_undone(tmp_path: Path) -> None:
    async with world(tmp_path, 2) as day:
        order = await day.give(OrderKind.RESTART_SCREEN)
        await day.pass_s(5)
        with pytest.raises(Refused) as refused:
            await day.orders.undo("truchoi", order.id)
        assert refused.value.code == "too_late"
        assert await day.standing(order) == {S.WAITING: 2}


async def test_one_site_is_told_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        await day.rooms[0].link(day)
        order = await day.give(OrderKind.RESTART_SCREEN)
        await day.until(order, done=1)


async def test_a_restarted_centre_goes_on_with_what_it_held_and_what_waits(tmp_path: Path) -> None:
    async with world(tmp_path, 2) as day:
        held = await day.give(OrderKind.RESTART_SCREEN)
        again = World(day.links, tmp_path, day.clock, day.rounds)
        again.rooms = day.rooms
        await again.orders.load()
        await again.pass_s(6)
        assert await again.standing(held) == {S.WAITING: 2}
        for room in day.rooms:
            await room.link(again)
        await again.until(held, done=2)
        assert [room.agent.screen.restarts for room in day.rooms] == [1, 1]


async def test_an_older_agent_is_sent_nothing_and_the_order_says_so(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        room.agent.takes = []
        order = await day.give(OrderKind.RESTART_SCREEN)
        await room.link(day)
        await day.until(order, unsupported=1)
        assert room.agent.screen.restarts == 0
        assert await day.trail(order) == {"order.given": 1, "order.unsupported": 1}


async def test_an_answer_that_comes_after_the_end_is_the_truth(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        await room.link(day)
        await room.unlink()
        order = await day.give(OrderKind.RESTART_SCREEN)
        await day.pass_s(5 * MINUTE + ANSWER_NS / 1e9)
        assert await day.standing(order) == {S.EXPIRED: 1}
        await room.agent.outbox.append(OrderAnswer(order=order.id, outcome=OrderOutcome.DONE, at_ns=day.clock.now_ns()))
        await room.link(day)
        await day.until(order, done=1)


async def test_an_answer_to_an_order_that_never_meant_the_site_is_set_aside(tmp_path: Path) -> None:
    async with world(tmp_path, 2) as day:
        order = await day.give(OrderKind.RESTART_SCREEN, day.rooms[0])
        await day.rooms[1].agent.outbox.append(OrderAnswer(order=order.id, outcome=OrderOutcome.DONE, at_ns=1))
        await day.rooms[1].link(day)
        await eventually(lambda: bool(day.links.troubles))
        assert await day.standing(order) == {S.WAITING: 1}


async def test_a_notice_stands_on_the_screen_and_leaves_it_when_it_is_withdrawn(tmp_path: Path) -> None:
    async with world(tmp_path, 3) as day:
        for room in day.rooms[:2]:
            await room.link(day)
        order = await day.give(OrderKind.NOTICE, text="Nghỉ 10 phút")
        await day.pass_s(5)
        await day.until(order, done=2, waiting=1)
        here = day.rooms[0].agent.state
        assert [notice.text_vi for notice in here.view.notices] == ["Nghỉ 10 phút"]
        await day.orders.withdraw("truchoi", order.id)
        await eventually(lambda: here.view.notices == ())
        assert await day.standing(order) == {S.DONE: 2, S.UNDONE: 1}
        await day.rooms[2].link(day)
        await day.pass_s(1)
        assert day.rooms[2].agent.state.view.notices == ()


async def test_an_exam_refuses_a_restart_unless_it_is_forced(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        room.agent.exam = "exam_open"
        await room.link(day)
        order = await day.give(OrderKind.RESTART_AGENT)
        await day.pass_s(5)
        await day.until(order, failed=1)
        told = await day.links.database.read(lambda conn: store.told(conn, order.id, room.site))
        assert told is not None
        assert (told.reason, room.agent.restarts_asked) == ("exam_open", 0)
        await day.give(OrderKind.RESTART_AGENT, forced=True)
        await day.pass_s(5)
        await eventually(lambda: room.agent.restarts_asked == 1)


async def test_a_log_comes_in_pieces_is_read_by_its_name_and_forgotten_after_a_month(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        logs = tmp_path / room.site / "logs"
        logs.mkdir(parents=True)
        (logs / "agent.log").write_text('{"event": "line_lost", "pin": "1234"}\n', encoding="utf-8")
        await room.link(day)
        order = await day.give(OrderKind.COLLECT_LOGS)
        await day.until(order, done=1)
        packed = await day.logbook.read("truchoi", order.id, room.site)
        assert gzip.decompress(packed).splitlines()[1:] == [b'{"event": "line_lost"}']
        day.clock.advance(KEEP_NS / 1e9 + 1)
        before = day.clock.now_ns() - KEEP_NS
        assert await day.links.database.write(lambda conn: store.drop_logs(conn, before)) == 1
        with pytest.raises(Refused):
            await day.logbook.read("truchoi", order.id, room.site)


async def test_a_roll_call_is_answered_by_the_counts_and_says_where_no_session_is_on(tmp_path: Path) -> None:
    async with world(tmp_path, 3) as day:
        counted, covered, without = day.rooms
        day.rounds.without = {without.site}
        for room in day.rooms:
            room.agent.takes = []
            await room.link(day)
        order = await day.give(OrderKind.ROLL_CALL)
        async with _following(day.orders):
            await day.pass_s(5)
            await day.until(order, sent=2, failed=1)
            for room, count, reason in ((counted, 30, ""), (covered, None, "covered")):
                await day.links.bus.publish(CountReceived(RollCallId("rollcall-1"), room.site, count, reason, 1))
            await day.until(order, done=1, failed=2)
        assert len(day.rounds.asked) == 1


async def test_a_withdrawn_roll_call_is_ended_where_roll_calls_are_held_and_again_after_a_restart(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, 2) as day:
        counted, _away = day.rooms
        counted.agent.takes = []
        await counted.link(day)
        order = await day.give(OrderKind.ROLL_CALL)
        await day.pass_s(5)
        await day.until(order, sent=1, waiting=1)
        assert day.rounds.withdrawn == []
        await day.orders.withdraw("truchoi", order.id)
        assert day.rounds.withdrawn == ["rollcall-1"]
        async with _following(day.orders):
            await day.links.bus.publish(CountReceived(RollCallId("rollcall-1"), counted.site, 30, "", 1))
            await day.until(order, done=1, undone=1)
        day.rounds.withdrawn.clear()
        await World(day.links, tmp_path, day.clock, day.rounds).orders.load()
        assert day.rounds.withdrawn == ["rollcall-1"]


async def test_a_session_that_refuses_a_roll_call_keeps_none_from_the_other_rooms(tmp_path: Path) -> None:
    async with world(tmp_path, 3) as day:
        for room in day.rooms:
            await room.link(day)
        day.rounds.refused = {day.rooms[0].site}
        order = await day.give(OrderKind.ROLL_CALL)
        await day.pass_s(5)
        await day.until(order, sent=2, failed=1)
        told = await day.links.database.read(lambda conn: store.told(conn, order.id, day.rooms[0].site))
        assert told is not None
        assert told.reason == "refused"


async def test_what_a_site_has_seen_outlives_a_fault_of_the_database(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        await room.link(day)
        order = await day.give(OrderKind.ROLL_CALL)
        await day.until(order, sent=1)
        await day.sql("CREATE TRIGGER full BEFORE UPDATE ON order_at_site BEGIN SELECT RAISE(ABORT, 'full'); END")
        await day.orders.on_seen(room.site, EnrolmentId("enrolment-1"), OrderSeen(order=order.id))
        with pytest.raises(sa.exc.DatabaseError):
            await day.orders.tick()
        await day.sql("DROP TRIGGER full")
        await day.until(order, taken=1)


async def test_pieces_of_a_pack_that_was_begun_before_are_not_mixed_with_a_new_one(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        site = day.rooms[0].site
        order = await day.give(OrderKind.COLLECT_LOGS)

        async def take(place: int, pieces: int, octets: bytes) -> None:
            piece = LogPiece(order=order.id, place=place, pieces=pieces, octets=octets)
            await day.links.database.write(lambda conn: store.keep_piece(conn, site, piece, 1))

        for place, octets in enumerate((b"old-0 ", b"old-1 ")):
            await take(place, 3, octets)
        for place, octets in enumerate((b"new-0 ", b"new-1")):
            await take(place, 2, octets)
        assert await day.links.database.read(lambda conn: store.log_of(conn, order.id, site)) == b"new-0 new-1"


async def test_the_page_of_a_site_is_told_what_was_ordered_there(tmp_path: Path) -> None:
    async with world(tmp_path, 2) as day:
        one, other = day.rooms
        restart = await day.give(OrderKind.RESTART_SCREEN, one)
        day.clock.advance(1)
        notice = await day.give(OrderKind.NOTICE, text="Nghỉ 10 phút")
        await day.give(OrderKind.RESTART_SCREEN, other)
        found = await day.links.database.read(lambda conn: store.newest_at(conn, one.site, 10))
        assert [(order.id, told.state) for order, told in found] == [(notice.id, S.HELD), (restart.id, S.WAITING)]
        assert order_here(*found[0]).text_vi == "Nghỉ 10 phút"


async def test_counts_that_nobody_heard_of_are_looked_up_before_a_roll_call_expires(tmp_path: Path) -> None:
    async with world(tmp_path, 2) as day:
        order = await day.give(OrderKind.ROLL_CALL)
        day.rounds.late = {day.rooms[0].site: ""}
        for room in day.rooms:
            await room.link(day)
        await day.pass_s(5)
        await day.until(order, sent=2)
        await day.pass_s(5 * MINUTE + ANSWER_NS / 1e9)
        assert await day.standing(order) == {S.DONE: 1, S.EXPIRED: 1}


@asynccontextmanager
async def _following(orders: Orders) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(orders.follow_counts())
        await eventually_a_moment()
        yield
        task.cancel()
