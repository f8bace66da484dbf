"""Lines between an operator and a room, over real links and real SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import Refused
from orchestrator.orders.chat import Chats
from orchestrator.web.kit import Identity
from tests.doubles.eventually import eventually
from tests.doubles.order_day import eventually_a_moment, world

OPERATOR = Identity("person-op", "truchoi", "Trần Văn Trực", "operator")


async def test_lines_go_both_ways_and_their_marks_come_back(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        said = await day.chats.say(OPERATOR, room.site, "Thầy cô mở loa giúp ạ")
        assert not said.delivered_ns
        await room.link(day)
        await eventually(lambda: room.agent.state.view.chat.unread == 1)
        await eventually(lambda: day.chats.talks()[0].last.delivered_ns is not None)
        await room.agent.chat.say("said-00000001", "Đã mở, xin kiểm tra")
        await room.agent.chat.say("said-00000001", "Đã mở, xin kiểm tra")
        await eventually(lambda: day.chats.talks()[0].last.from_site)
        lines = await day.chats.lines(room.site)
        assert [(line.said_by, line.text) for line in lines] == [
            ("Trần Văn Trực", "Thầy cô mở loa giúp ạ"),
            ("", "Đã mở, xin kiểm tra"),
        ]
        for _ in range(200):
            if (await room.agent.chat.lines())[-1].delivered:
                break
            await eventually_a_moment()
        assert [line.mine for line in await room.agent.chat.lines()] == [False, True]
        assert (await room.agent.chat.lines())[-1].delivered
        assert [line.text for line in await day.chats.history(["session-1"])] == [line.text for line in lines]


async def test_a_line_that_was_said_while_the_site_was_away_comes_once_it_links(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        await room.agent.chat.say("said-00000002", "Mất mạng rồi")
        await room.link(day)
        await eventually(lambda: bool(day.chats.talks()))
        await room.unlink()
        await day.chats.say(OPERATOR, room.site, "Đã thấy")
        again = Chats(
            day.links.database,
            day.clock,
            send=day.links.links.send,
            session_at=lambda _site: None,
            all_sites=day.sites,
        )
        await again.load()
        assert [talk.last.text for talk in again.talks()] == ["Đã thấy"]
        await room.link(day)
        await eventually(lambda: room.agent.state.view.chat.unread == 1)


async def test_a_finished_conversation_opens_again_with_the_next_line(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        await day.chats.say(OPERATOR, room.site, "Xong rồi ạ")
        await day.chats.close(room.site)
        assert day.chats.talks() == []
        await day.chats.say(OPERATOR, room.site, "À, còn một việc")
        assert len(day.chats.talks()) == 1


async def test_lines_are_bounded_in_length_and_number(tmp_path: Path) -> None:
    async with world(tmp_path) as day:
        (room,) = day.rooms
        for text in ("", " ", "x" * 501):
            with pytest.raises(Refused):
                await day.chats.say(OPERATOR, room.site, text)
        for _ in range(30):
            await day.chats.say(OPERATOR, room.site, "nhanh")
        with pytest.raises(Refused) as refused:
            await day.chats.say(OPERATOR, room.site, "nhanh")
        assert refused.value.code == "too_many_attempts"
