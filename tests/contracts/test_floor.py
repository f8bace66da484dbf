"""The floor over real links, real SQLite and the agents' real part; only time is moved by hand."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import msgspec
import pytest

from orchestrator.errors import Refused
from orchestrator.floor import model, store
from orchestrator.floor.model import Deed
from orchestrator.web.kit import Identity
from site_agent.floor.service import FloorRefused
from tests.doubles.eventually import eventually
from tests.doubles.floor_world import LAN, ONE, TWO, floor_world
from wire.floor import QuestionState
from wire.ids import SiteId

HUNG = Identity("person-hung", "hung", "Trần Hùng", "operator")


async def test_a_room_raises_its_hand_is_given_the_floor_and_loses_it(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE, ONE) as day:
        first, second = day.rooms
        first.floor.wish(up=True)
        await first.until_hand("up", 1)
        await day.pass_s(1)
        second.floor.wish(up=True)
        await second.until_hand("up", 2)
        await day.floors.grant(LAN, ONE, first.site, 60)
        await first.until_speaks(speaks=True)
        await second.until_hand("up", 1)
        assert first.told is not None
        assert second.told is not None
        assert second.told.speaker is not None
        assert (first.told.hand, second.told.speak) == ("down", None)
        assert (first.told.asked, second.told.asked) == (True, False)
        # Both are told of the same speaker; each knows whether it is itself.
        assert first.told.speaker == msgspec.structs.replace(second.told.speaker, here=True)
        await day.floors.take_back(LAN, ONE)
        await first.until_speaks(speaks=False)
        assert day.media.told[-2:] == [f"end {ONE}-floor", f"hush {ONE}-floor"]
        assert await day.trail() == ["lan floor.grant", "lan floor.take_back"]


async def test_what_was_wished_while_the_line_was_down_is_said_when_it_stands(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await room.unlink()
        await eventually(lambda: room.site not in day.links.links.linked())
        room.floor.wish(up=True)
        assert room.told is not None
        assert room.told.hand == "sending"
        await room.link()
        await room.until_hand("up", 1)


async def test_the_floor_has_an_end_and_can_be_given_back_or_lengthened(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site, 60)
        await day.floors.extend(LAN, ONE, 30)
        await day.pass_s(89)
        assert day.floors.of(ONE).grant is not None
        await day.pass_s(1.1)
        assert day.floors.of(ONE).grant is None
        await room.until_speaks(speaks=False)
        await day.floors.grant(LAN, ONE, room.site)
        await room.until_speaks(speaks=True)
        # It was given the floor without having asked: it is not shown as it is.
        assert room.told is not None
        assert not room.told.asked
        room.floor.wish(up=False)
        await eventually(lambda: day.floors.of(ONE).grant is None)


async def test_rights_to_speak_are_short_and_come_anew_while_the_room_has_the_floor(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site, 600)
        await room.until_speaks(speaks=True)
        assert room.told is not None
        first = room.told.speak
        heard = room.told.hear
        await day.pass_s(11)
        await eventually(lambda: room.told is not None and room.told.speak != first)
        assert room.told.speak is not None
        assert room.told.hear == heard


async def test_a_silenced_room_is_hushed_at_the_relay_and_told_so(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site)
        await day.floors.mute(LAN, ONE, muted=True)
        assert day.media.told[-1] == f"hush {ONE}-floor"
        await eventually(lambda: room.told is not None and room.told.muted)
        await day.floors.mute(LAN, ONE, muted=False)
        assert day.media.told[-1] == f"unhush {ONE}-floor"


async def test_a_relay_that_did_not_answer_is_held_to_the_floor_later(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site)
        day.media.away = True
        await day.floors.take_back(LAN, ONE)
        await room.until_speaks(speaks=False)
        day.media.away = False
        day.media.told.clear()
        await day.pass_s(1)
        assert day.media.told[:3] == [f"hush {ONE}-floor", f"end {ONE}-floor", f"hush {ONE}-floor"]


async def test_a_room_that_goes_away_loses_the_floor_after_a_moment_and_a_short_break_costs_nothing(
    tmp_path: Path,
) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site, 600)
        await room.unlink()
        await eventually(lambda: room.site not in day.links.links.linked())
        await day.pass_s(0.1)
        await day.pass_s(5)
        assert day.floors.of(ONE).grant is not None
        await room.link()
        await eventually(lambda: room.site in day.links.links.linked())
        await day.pass_s(9)
        assert day.floors.of(ONE).grant is not None
        await room.unlink()
        await eventually(lambda: room.site not in day.links.links.linked())
        await day.pass_s(0.1)
        await day.pass_s(10)
        assert day.floors.of(ONE).grant is None


async def test_a_restarted_centre_goes_on_with_the_floor_as_it_was(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE, ONE) as day:
        first, second = day.rooms
        second.floor.wish(up=True)
        await second.until_hand("up", 1)
        await day.floors.grant(LAN, ONE, first.site, 60)
        again = day.again()
        await again.floors.load()
        assert again.floors.of(ONE) == day.floors.of(ONE)
        await again.pass_s(61)
        assert again.floors.of(ONE).grant is None
        assert [hand.site for hand in again.floors.of(ONE).hands] == [second.site]


async def test_after_a_restart_rooms_have_time_to_come_back_and_a_floor_on_screen_is_known_whenever_it_comes(
    tmp_path: Path,
) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site, 600)
        await room.unlink()
        await eventually(lambda: room.site not in day.links.links.linked())
        again = day.again()
        day.plan.on.remove(ONE)
        await again.floors.load()
        # Whoever conducts learns of the session only now.
        day.plan.on.append(ONE)
        await again.pass_s(0.1)
        assert again.floors.of(ONE) == day.floors.of(ONE)
        # Nobody knows who speaks at the relay: first it makes sure of nobody, then the room is let in.
        assert again.media.about(ONE) == [f"hush {ONE}-floor", f"end {ONE}-floor", f"unhush {ONE}-floor"]
        await again.pass_s(29)
        assert again.floors.of(ONE).grant is not None
        await again.pass_s(1)
        assert again.floors.of(ONE).grant is None


async def test_a_relay_that_is_slow_once_does_not_cost_the_room_its_connection(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site, 600)
        day.media.away = True
        await day.pass_s(3)
        await day.floors.mute(LAN, ONE, muted=True)
        day.media.away = False
        day.media.told.clear()
        await day.pass_s(1)
        assert day.media.about(ONE) == [f"hush {ONE}-floor"]


async def test_the_last_word_holds_when_a_room_is_silenced_while_it_is_being_let_in(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.pass_s(1)
        day.media.slow.clear()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(day.floors.grant(LAN, ONE, room.site, 600))
            await eventually(lambda: day.media.waiting == 1)
            tasks.create_task(day.floors.mute(LAN, ONE, muted=True))
            await eventually(lambda: (grant := day.floors.of(ONE).grant) is not None and grant.muted)
            tasks.create_task(day.pass_s(2))
            day.media.slow.set()
        assert day.media.about(ONE)[-1] == f"hush {ONE}-floor"


async def test_a_room_that_another_session_has_taken_loses_the_floor_and_cannot_be_given_it(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.floors.grant(LAN, ONE, room.site, 600)
        await day.pass_s(1)
        day.plan.rooms[TWO].add(room.site)
        day.plan.on = [TWO, ONE]
        await day.pass_s(1)
        await day.pass_s(10)
        assert day.floors.of(ONE).grant is None
        with pytest.raises(Refused, match="buổi học khác"):
            await day.floors.grant(LAN, ONE, room.site)


async def test_a_hand_pressed_twice_is_one_hand_and_one_click_takes_it_down(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE, ONE) as day:
        first, second = day.rooms
        first.floor.wish(up=True)
        first.floor.wish(up=True)
        await first.until_hand("up", 1)
        await day.pass_s(1)
        second.floor.wish(up=True)
        await second.until_hand("up", 2)
        await day.pass_s(1)
        first.floor.wish(up=True)
        await first.until_hand("up", 1)
        assert [hand.site for hand in day.floors.of(ONE).hands] == [first.site, second.site]
        first.floor.wish(up=False)
        await first.until_hand("down")
        await second.until_hand("up", 1)


async def test_of_two_at_once_one_is_first_and_the_other_is_told(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE, ONE) as day:
        first, second = day.rooms
        other = day.again()
        await other.floors.load()
        await day.floors.grant(LAN, ONE, first.site)
        with pytest.raises(Refused, match="nhanh hơn"):
            await other.floors.grant(HUNG, ONE, second.site)
        assert other.floors.of(ONE) == day.floors.of(ONE)


async def test_two_sessions_never_cross(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE, TWO) as day:
        one, two = day.rooms
        with pytest.raises(Refused, match="không ở trong buổi học"):
            await day.floors.grant(LAN, ONE, two.site)
        await day.floors.grant(LAN, ONE, one.site)
        await one.until_speaks(speaks=True)
        two.floor.wish(up=True)
        await two.until_hand("up", 1)
        assert one.told is not None
        assert two.told is not None
        assert (one.told.session, two.told.session, two.told.speaker, one.told.place) == (ONE, TWO, None, 0)
        assert one.told.hear is not None
        assert two.told.hear is not None
        assert one.told.hear.url.endswith(f"/{ONE}-floor")
        assert two.told.hear.url.endswith(f"/{TWO}-floor")


async def test_the_end_of_a_session_clears_its_floor_and_closes_its_stream(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await day.pass_s(1)
        await day.floors.grant(LAN, ONE, room.site)
        day.plan.on.remove(ONE)
        await day.pass_s(1)
        await eventually(lambda: room.told is None)
        assert f"close {ONE}-floor" in day.media.told
        written = await day.links.database.read(lambda conn: store.happened(conn, ONE))
        assert written[-1].reason == model.Reason.SESSION_OVER
        with pytest.raises(FloorRefused, match="Chưa có buổi học"):
            room.floor.wish(up=True)


async def test_an_older_agent_is_told_nothing(tmp_path: Path) -> None:
    async with floor_world(tmp_path) as day, AsyncExitStack() as stack:
        room = await day.room(ONE, stack)
        await room.unlink()
        room.takes = []
        room.state.put(floor=None)
        await room.link()
        await eventually(lambda: day.links.heartbeats.get(room.site, 0) > 3)
        await day.floors.grant(LAN, ONE, room.site)
        assert room.told is None or room.told.speaker is None


async def test_a_room_that_nobody_would_hear_is_not_given_the_floor_and_why_is_said(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        for voice, sentence in (("no_page", "không có màn hình lớn"), ("no_microphone", "không thấy micro")):
            room.voice = voice
            await eventually(partial(day.said_voice, room, voice))
            with pytest.raises(Refused, match=sentence):
                await day.floors.grant(LAN, ONE, room.site)
            # A private word may go through all the same: the operator sees why nothing is heard.
            aside = await day.floors.take_aside(LAN, ONE, room.site)
            await day.floors.end_aside(LAN, ONE, aside.id)
        room.voice = "ready"
        await eventually(partial(day.said_voice, room, "ready"))
        await day.floors.grant(LAN, ONE, room.site)
        await room.until_speaks(speaks=True)


async def test_a_written_question_waits_for_a_moderator_and_its_room_learns_what_became_of_it(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await room.floor.question("question-1", "Phần đánh giá thường xuyên làm thế nào?")
        await room.floor.question("question-1", "Phần đánh giá thường xuyên làm thế nào?")
        await eventually(lambda: [each.state for each in room.floor.questions()] == [QuestionState.ASKED])
        (question,) = await day.questions.of(ONE)
        await day.questions.decide(LAN, ONE, question.id, QuestionState.ACCEPTED)
        await eventually(lambda: room.floor.questions()[0].state == QuestionState.ACCEPTED)
        await day.questions.decide(LAN, ONE, question.id, QuestionState.ANSWERED)
        with pytest.raises(Refused, match="không thể chuyển"):
            await day.questions.decide(LAN, ONE, question.id, QuestionState.HIDDEN)
        again = day.again()
        assert await again.questions.of(ONE) == await day.questions.of(ONE)
        assert await day.trail() == ["lan floor.question", "lan floor.question"]


async def test_a_hidden_question_is_not_told_to_be_hidden(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE) as day:
        (room,) = day.rooms
        await room.floor.question("question-1", "?")
        await eventually(lambda: [each.state for each in room.floor.questions()] == [QuestionState.ASKED])
        await day.questions.decide(LAN, ONE, "question-1", QuestionState.HIDDEN)
        assert [each.state for each in day.questions.of_site(ONE, room.site)] == [QuestionState.ASKED]


async def test_a_room_taken_aside_gets_streams_of_its_own_and_comes_back(tmp_path: Path) -> None:
    async with floor_world(tmp_path, ONE, ONE) as day:
        room, other = day.rooms
        await day.floors.grant(LAN, ONE, room.site)
        aside = await day.floors.take_aside(LAN, ONE, room.site)
        await eventually(lambda: room.told is not None and room.told.aside is not None)
        assert room.told is not None
        assert room.told.aside is not None
        assert room.told.aside.speak.url.endswith(f"/whip/{aside.id}-site")
        assert room.told.aside.hear.url.endswith(f"/whep/{aside.id}-centre")
        assert other.told is not None
        assert other.told.aside is None
        assert day.floors.keep_aside(LAN, ONE, aside.id) == aside
        with pytest.raises(Refused, match="kết thúc"):
            day.floors.keep_aside(HUNG, ONE, aside.id)
        await day.pass_s(19)
        assert day.floors.of(ONE).asides == (aside,)
        await day.pass_s(2)
        assert day.floors.of(ONE).asides == ()
        await day.pass_s(1)
        assert {f"close {aside.id}-site", f"close {aside.id}-centre"} <= set(day.media.told)
        await eventually(lambda: room.told is not None and room.told.aside is None)


async def test_two_deeds_at_one_number_are_refused_by_the_database(tmp_path: Path) -> None:
    async with floor_world(tmp_path) as day:
        deed = Deed(model.Floor(ONE), 1)
        model.wish(deed, SiteId("site-a"), "wish-1", 1, up=True)
        await day.links.database.write(lambda conn: store.append(conn, ONE, deed.happened))
        with pytest.raises(Refused, match="nhanh hơn"):
            await day.links.database.write(lambda conn: store.append(conn, ONE, deed.happened))
