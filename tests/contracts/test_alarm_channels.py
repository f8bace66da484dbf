"""Alarms go out by web hook, mail and Telegram to real servers on loopback; what fails hurts nobody and is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from orchestrator.access.audit import Audit
from orchestrator.access.model import Role
from orchestrator.alarms.channels.model import Kind, Message, Quiet, Security, Wish
from orchestrator.alarms.channels.routes import ChannelPages, routes
from orchestrator.alarms.channels.sending import AppriseSender, NotSent
from orchestrator.alarms.channels.service import Messenger
from orchestrator.alarms.journal import ChannelChanged
from orchestrator.alarms.model import Told, Trouble
from orchestrator.alarms.service import AlarmWatch
from orchestrator.alarms.wording import ZONE, Names
from orchestrator.live.memory import MemoryLeases
from orchestrator.storage.engine import Database
from tests.contracts.test_alarms_http import Rooms
from tests.doubles.centre import Centre, running_centre
from tests.doubles.manual_clock import ManualClock
from tests.doubles.post_offices import Hook, mail_server, telegram_api, web_hook

TOKEN = "123456789:AAE_abcdefghijklmnopqrstuvwxyz12345"
TOLD = Message("Mất kết nối: Huyện Yên Hà (40 điểm cầu)", "từ 08:05:12\nhttps://centre/wall", 3, 1)


def send(wish: Wish, secret: str) -> Any:
    return asyncio.to_thread(AppriseSender().send, wish, secret, TOLD)


async def test_a_web_hook_gets_what_happened_as_json() -> None:
    async with web_hook() as hook:
        await send(Wish(name="a", kind=Kind.WEBHOOK), f"{hook.url}/hooks/secret-path?key=k1")
        (told,) = hook.got
        assert told["title"] == TOLD.title
        assert "từ 08:05:12" in told["message"]
        assert (told["severity"], told["alarms"]) == ("3", "1")
        assert hook.paths == ["/hooks/secret-path?key=k1"]


async def test_mail_reaches_everybody_after_signing_in() -> None:
    async with mail_server("truc", "bi-mat") as server:
        wish = Wish(
            name="a",
            kind=Kind.EMAIL,
            server=server.address,
            sender="diemcau@example.vn",
            to=("ha@example.vn", "binh@example.vn"),
            user="truc",
            security=Security.PLAIN,
        )
        await send(wish, "bi-mat")
        assert sorted(to for tos, _ in server.got for to in tos) == ["binh@example.vn", "ha@example.vn"]
        _, mail = server.got[0]
        assert str(mail["Subject"]) == TOLD.title
        with pytest.raises(NotSent):
            await send(wish, "sai")


async def test_telegram_gets_it_at_the_server_that_the_province_names() -> None:
    async with telegram_api(TOKEN) as api:
        wish = Wish(name="a", kind=Kind.TELEGRAM, server=api.url, to=("-100200300",))
        await send(wish, TOKEN)
        (told,) = api.got
        assert str(told["chat_id"]) == "-100200300"
        assert TOLD.title in told["text"]
        wrong = TOKEN.replace("1", "2")
        with pytest.raises(NotSent) as refused:
            await send(wish, wrong)
        assert wrong not in str(refused.value)
        assert "401" in str(refused.value)


async def test_any_other_service_goes_by_an_address_of_apprise() -> None:
    async with web_hook() as hook:
        await send(Wish(name="a", kind=Kind.OTHER), hook.url.replace("http://", "json://") + "/x")
        assert hook.got[0]["title"] == TOLD.title
    with pytest.raises(NotSent):
        await send(Wish(name="a", kind=Kind.OTHER), "nosuchservice://here")


async def test_a_server_that_takes_the_message_and_does_not_answer_is_not_waited_for() -> None:
    async with web_hook() as hook:
        hook.hangs = True
        sender = AppriseSender(read_s=0.2)
        with pytest.raises(NotSent):
            await asyncio.to_thread(sender.send, Wish(name="a", kind=Kind.WEBHOOK), hook.url, TOLD)


async def test_a_server_that_is_not_there_is_told_as_a_sentence() -> None:
    async with web_hook() as hook:
        gone = hook.url
    with pytest.raises(NotSent) as refused:
        await send(Wish(name="a", kind=Kind.WEBHOOK), gone)
    assert str(refused.value)


class Carried:
    """Alarms with channels, whose time a test moves."""

    def __init__(self, database: Database, clock: ManualClock, at_rest: bytes) -> None:
        self.database, self.clock, self.rooms, self.at_rest = database, clock, Rooms(), at_rest
        self.centre: Centre
        self.start()

    def start(self) -> None:
        """The centre's process starts: all that it knows is in the database."""
        audit = Audit(self.clock)
        self.watch = AlarmWatch(self.database, self.clock, MemoryLeases(), audit, self.rooms, "one")
        self.messenger = Messenger(
            self.database,
            self.clock,
            audit,
            self.at_rest,
            self.watch,
            AppriseSender(),
            lambda: self.rooms.sites,
            lambda: Names({}),
            "https://centre/wall",
        )

    async def restart(self) -> None:
        await self.messenger.close()
        self.start()

    async def run(self, seconds: int) -> None:
        """Let time pass; what is due is carried before it goes on."""
        for _ in range(seconds):
            self.clock.advance(1)
            self.rooms.down = [(Trouble.CHANNEL, name, severity) for name, severity in self.messenger.failing()]
            await self.watch.look()
            for channel, items in await self.messenger.look():
                await self.messenger._carry(channel, items)

    async def pass_hours(self, hours: float) -> None:
        """Let much time pass in which nothing changes; it is looked at again when it is over."""
        self.clock.advance(hours * 3600)
        await self.run(2)

    async def lose_a_district(self) -> None:
        await self.run(61)
        self.rooms.away = self.rooms.of("A")
        await self.run(12)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Carried]:
    database = await Database.open(f"sqlite:///{folder / 'alarms.sqlite3'}")
    carried = Carried(database, ManualClock(), bytes(32))
    try:
        async with running_centre(folder, routes(ChannelPages(carried.messenger))) as carried.centre:
            for role in (Role.OPERATOR, Role.ADMINISTRATOR):
                await carried.centre.person(role)
            yield carried
    finally:
        await carried.messenger.close()
        await database.close()


@pytest.fixture
async def carried(tmp_path: Path) -> AsyncIterator[Carried]:
    async with opened(tmp_path) as made:
        yield made


async def hooked(carried: Carried, hook: Hook, **wish: object) -> str:
    made = await carried.messenger.add("admin", Wish(name="Nhóm trực", kind=Kind.WEBHOOK, **wish), hook.url)  # type: ignore[arg-type]
    return made.id


async def test_an_alarm_goes_out_once_its_end_too_and_both_are_in_the_log(carried: Carried) -> None:
    async with web_hook() as hook:
        await hooked(carried, hook, every_s=1)
        await carried.lose_a_district()
        await carried.run(5)
        assert [told["title"] for told in hook.got] == ["Mất kết nối: A (40 điểm cầu)"]
        carried.rooms.away = set()
        await carried.run(8)
        assert [told["title"] for told in hook.got][1:] == ["Hết: Mất kết nối: A (40 điểm cầu)"]
    log = await carried.watch.log(0, 2**62)
    assert [each.event.what for each in log.entries if isinstance(each.event, Told)] == ["raised", "cleared"]


async def test_a_channel_whose_word_cannot_be_written_down_breaks_off_no_other(
    carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> NoReturn:
        raise OSError("the database is away")

    async with web_hook() as hook:
        await hooked(carried, hook, every_s=1)
        with monkeypatch.context() as patched:
            patched.setattr(carried.watch, "note", fails)
            await carried.lose_a_district()
        assert len(hook.got) >= 1
        assert carried.messenger._busy == set()


async def test_what_comes_faster_than_the_channel_may_speak_is_summed_up(carried: Carried) -> None:
    async with web_hook() as hook:
        await hooked(carried, hook, every_s=60)
        await carried.run(61)
        for number in (0, 10, 20):
            carried.rooms.away |= {sorted(carried.rooms.of("A"))[number]}
            await carried.run(2)
        await carried.run(90)
        assert len(hook.got) == 2
        assert hook.got[1]["title"].endswith("và 1 báo động khác")


async def test_a_channel_that_fails_is_one_alarm_and_tells_everything_when_it_is_well_again(carried: Carried) -> None:
    async with web_hook() as hook:
        hook.status = 503
        await hooked(carried, hook, every_s=1)
        await carried.lose_a_district()
        await carried.run(20)
        assert {each.trouble for each in carried.watch.standing().alarms} == {Trouble.AWAY, Trouble.CHANNEL}
        hook.status = 200
        await carried.run(40)
        assert [told["title"] for told in hook.got] == ["Mất kết nối: A (40 điểm cầu)"]
        assert [each.trouble for each in carried.watch.standing().alarms] == [Trouble.AWAY]


async def test_a_failing_channel_with_nothing_left_to_tell_is_tried_with_a_word(carried: Carried) -> None:
    async with web_hook() as hook:
        hook.status = 503
        await hooked(carried, hook, every_s=1)
        await carried.lose_a_district()
        await carried.run(20)
        carried.rooms.away = set()
        await carried.run(20)
        hook.status = 200
        await carried.run(70)
        assert [told["title"] for told in hook.got] == ["Tin thử từ Điểm cầu"]
        assert carried.watch.standing().alarms == []


BEGUN, OVER = "Mất kết nối: A (40 điểm cầu)", "Hết: Mất kết nối: A (40 điểm cầu)"


def resting(carried: Carried) -> Quiet:
    """Hours of rest from ten minutes from now on, for eight hours."""
    clock = datetime.fromtimestamp(carried.clock.now_ns() / 10**9, ZONE)
    begins = clock.hour * 60 + clock.minute + 10
    return Quiet(from_min=begins % 1440, until_min=(begins + 480) % 1440)


@pytest.mark.parametrize("starts_anew", [False, True])
async def test_the_end_of_what_was_told_before_the_hours_of_rest_is_told_after_them_once(
    carried: Carried, *, starts_anew: bool
) -> None:
    async with web_hook() as hook:
        await hooked(carried, hook, every_s=1, quiet=resting(carried))
        await carried.lose_a_district()
        await carried.pass_hours(0.25)
        carried.rooms.away = set()
        await carried.run(10)
        assert carried.watch.standing().alarms == []
        await carried.pass_hours(2)
        if starts_anew:
            await carried.restart()
            await carried.run(70)
        assert [told["title"] for told in hook.got] == [BEGUN]
        await carried.pass_hours(7)
        await carried.run(10)
        assert [told["title"] for told in hook.got] == [BEGUN, OVER]
        await carried.restart()
        await carried.run(70)
        assert len(hook.got) == 2


async def test_a_channel_that_fails_for_hours_tells_the_end_when_it_is_well_again(carried: Carried) -> None:
    async with web_hook() as hook:
        await hooked(carried, hook, every_s=1)
        await carried.lose_a_district()
        await carried.run(3)
        hook.status = 503
        carried.rooms.away = set()
        await carried.run(20)
        await carried.pass_hours(3)
        hook.status = 200
        await carried.run(70)
        assert [told["title"] for told in hook.got] == [BEGUN, OVER]


async def test_what_is_told_whole_is_remembered_for_an_hour_only(carried: Carried) -> None:
    async with web_hook() as hook:
        await hooked(carried, hook, every_s=1)
        await carried.lose_a_district()
        await carried.run(3)
        carried.rooms.away = set()
        await carried.run(10)
        assert len(hook.got) == 2
        assert len(carried.watch.alarms) == 1
        await carried.pass_hours(1)
        assert carried.watch.alarms == {}
        await carried.restart()
        await carried.run(1)
        assert carried.watch.alarms == {}


async def test_an_administrator_adds_tries_and_removes_a_channel_and_never_sees_its_secret(carried: Carried) -> None:
    await carried.run(1)
    async with web_hook() as hook, carried.centre.page("administrator") as page:
        address = f"{hook.url}/very-secret"
        wish = {"name": "Nhóm trực", "kind": "webhook"}
        status, made = await page.call("POST", "/api/v1/alarms/channels", {"wish": wish, "secret": address})
        assert status == 201
        assert made["wish"]["server"] == hook.url
        one = f"/api/v1/alarms/channels/{made['id']}"
        assert (await page.call("POST", f"{one}/test"))[0] == 200
        assert hook.paths == ["/very-secret"]
        again = await page.call("POST", "/api/v1/alarms/channels", {"wish": wish, "secret": address})
        assert again[1]["code"] == "name_taken"
        changed = {"wish": {**wish, "severity": 3}}
        assert (await page.call("PUT", one, changed))[1]["wish"]["severity"] == 3
        assert (await page.call("POST", f"{one}/test"))[0] == 200
        elsewhere = {"wish": {**wish, "kind": "telegram", "server": "https://127.0.0.1:1", "to": ["1"]}}
        assert (await page.call("PUT", one, elsewhere))[1]["code"] == "secret_again"
        hook.status = 500
        refused = await page.call("POST", f"{one}/test")
        assert (refused[0], refused[1]["code"]) == (502, "not_sent")
        assert refused[1]["message"].startswith("Máy chủ nhận tin trả lời lỗi 500. / ")
        listed = await page.call("GET", "/api/v1/alarms/channels")
        assert "very-secret" not in str([made, listed, refused])
        assert (await page.call("DELETE", one))[0] == 200
        assert (await page.call("GET", "/api/v1/alarms/channels"))[1] == []
        assert (await page.call("POST", f"{one}/test"))[1]["code"] == "no_channel"
    async with carried.centre.page("operator") as page:
        assert (await page.call("GET", "/api/v1/alarms/channels"))[0] == 403
    log = await carried.watch.log(0, 2**62)
    said = [each.event.what for each in log.entries if isinstance(each.event, ChannelChanged)]
    assert said == ["added", "tested", "changed", "tested", "removed"]


async def test_a_secret_lies_in_the_database_encrypted(carried: Carried, tmp_path: Path) -> None:
    async with telegram_api(TOKEN) as api:
        wish = Wish(name="Nhóm trực", kind=Kind.TELEGRAM, server=api.url, to=("1",))
        await carried.messenger.add("admin", wish, TOKEN)
    files = [each for each in tmp_path.iterdir() if each.name.startswith("alarms.sqlite3")]
    assert not any(TOKEN.encode() in each.read_bytes() for each in files if each.is_file())
