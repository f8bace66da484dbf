"""Carries alarms to people: one look a second, each channel at its own pace, in threads of its own.

There is no queue to overflow: what a channel has still to tell follows from the alarms, so a slow one tells less often
and sums up. A channel that fails hurts nobody; it becomes an alarm on the wall.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import structlog

from orchestrator.access.audit import Audit
from orchestrator.alarms.channels import model, store
from orchestrator.alarms.channels.model import Channel, Course, Due, Kind, Message, Wish
from orchestrator.alarms.channels.sending import NotSent, Sender
from orchestrator.alarms.channels.store import Connection
from orchestrator.alarms.journal import ChannelChanged
from orchestrator.alarms.model import Told
from orchestrator.alarms.observing import Where
from orchestrator.alarms.service import AlarmWatch
from orchestrator.alarms.wording import Names
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.storage.engine import Database
from wire.ids import SiteId, new_id
from wire.seal import SealBroken, seal, unseal

log = structlog.get_logger()

LOOK_S = 1.0
SEND_S = 30.0
"""Longer than every limit of the sender together: past it a thread is taken to hang, and its channel waits for it."""
HANDS = 6

Places = Callable[[], Mapping[SiteId, Where]]
Called = Callable[[], Names]


class Messenger:
    """All channels."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        audit: Audit,
        at_rest: bytes,
        watch: AlarmWatch,
        sender: Sender,
        places: Places,
        called: Called,
        wall: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._at_rest = at_rest
        self._watch = watch
        self._sender = sender
        self._places = places
        self._called = called
        self._wall = wall
        self._channels: dict[str, Channel] | None = None
        self._courses: dict[str, Course] = {}
        self._busy: set[str] = set()
        self._hanging: dict[str, asyncio.Future[None]] = {}
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="alarm-channel")

    # --- life ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Carry until cancelled."""
        self._busy.clear()
        async with asyncio.TaskGroup() as tasks:
            while True:
                for channel, items in await self.look():
                    tasks.create_task(self._carry(channel, items))
                await asyncio.sleep(LOOK_S)

    async def look(self) -> list[tuple[Channel, list[Due]]]:
        """The channels whose turn it is, with what they should carry; they count as busy from now on."""
        turns = []
        now = self._clock.now_ns()
        for channel in (await self._all()).values():
            course = self._courses.get(channel.id, Course())
            hanging = self._hanging.get(channel.id)
            if not self._watch.leading or channel.id in self._busy or now < course.next_ns:
                continue
            if hanging is not None and not hanging.done():
                # Its thread has not come back: another one would only hang beside it.
                continue
            rules = self._watch.standing().rules
            items = model.due(channel, self._watch.alarms, self._places(), rules, now)
            # A channel that failed and has nothing to tell any more is tried with a word of its own.
            if items or (course.failing and channel.wish.enabled):
                self._busy.add(channel.id)
                turns.append((channel, items))
        return turns

    def failing(self) -> list[tuple[str, int]]:
        """Names of the channels that fail, with the severity of that."""
        known = self._channels or {}
        return [
            (known[id_].wish.name, 2)
            for id_, course in self._courses.items()
            if course.failing and id_ in known and known[id_].wish.enabled
        ]

    async def carry(self, channel: Channel, items: Sequence[Due]) -> None:
        """Send what is due, and write down that it was told."""
        told = model.message(items, self._called(), self._wall) if items else model.trial(channel.wish.name, self._wall)
        course = self._courses.get(channel.id, Course())
        try:
            await self._send(channel, told)
        except NotSent as why:
            log.warning("alarm_channel_failed", channel=channel.id, failures=course.failures + 1)
            self._courses[channel.id] = model.went_wrong(course, str(why), self._clock.now_ns())
            return
        self._courses[channel.id] = model.went_well(channel.wish, self._clock.now_ns())
        await self._watch.note("", [_told(channel, each) for each in items])

    async def _carry(self, channel: Channel, items: Sequence[Due]) -> None:
        try:
            await self.carry(channel, items)
        except Exception:
            # One channel's fault must not break off what the others send.
            log.exception("alarm_channel_fault", channel=channel.id)
        finally:
            self._busy.discard(channel.id)

    async def _send(self, channel: Channel, message: Message) -> None:
        try:
            secret = unseal(self._at_rest, channel.sealed, _context(channel.id)).decode()
        except SealBroken as error:
            raise NotSent("Không mở được bí mật của kênh. / The channel's secret cannot be opened.") from error
        loop = asyncio.get_running_loop()
        sent = loop.run_in_executor(self._hands, self._sender.send, channel.wish, secret, message)
        done, _ = await asyncio.wait({sent}, timeout=SEND_S)
        if not done:
            self._hanging[channel.id] = sent
            sent.add_done_callback(_came_back)
            raise NotSent("Quá lâu không trả lời. / It took too long.")
        sent.result()

    async def close(self) -> None:
        """Let the threads go; none is waited for."""
        self._hands.shutdown(wait=False, cancel_futures=True)

    # --- done by administrators -----------------------------------------------------------------------------------

    async def _all(self) -> dict[str, Channel]:
        if self._channels is None:
            self._channels = {each.id: each for each in await self._database.read(store.channels)}
        return self._channels

    async def all(self) -> list[tuple[Channel, Course]]:
        """Every channel and how sending goes."""
        return [(each, self._courses.get(each.id, Course())) for each in (await self._all()).values()]

    async def add(self, by: str, wish: Wish, secret: str) -> Channel:
        """A new channel. Refuses `bad_address`, `name_taken`, `too_many`."""
        known = await self._all()
        if len(known) >= model.MOST_CHANNELS:
            raise Refused("too_many", f"Tối đa {model.MOST_CHANNELS} kênh. / Too many channels.", 409)
        model.check(wish, secret)
        self._check_name(known, wish.name, "")
        id_ = new_id("channel")
        made = Channel(id_, _shown(wish, secret), self._sealed(id_, secret))
        await self._write(by, made, "added", lambda conn: store.insert(conn, made, self._clock.now_ns()))
        self._channels = {**known, id_: made}
        return made

    async def change(self, by: str, channel: str, wish: Wish, secret: str | None) -> Channel:
        """Another wish, and another secret unless it is None. Refuses as :meth:`add`, and `no_channel`."""
        before = await self._one(channel)
        if secret is None and _where(wish) != _where(before.wish):
            raise Refused(
                "secret_again",
                "Đổi nơi gửi thì phải nhập lại mã bí mật. / Another address: give the secret again.",
                422,
            )
        kept = unseal(self._at_rest, before.sealed, _context(channel)).decode() if secret is None else secret
        model.check(wish, kept)
        self._check_name(await self._all(), wish.name, channel)
        made = Channel(channel, _shown(wish, kept), self._sealed(channel, kept))
        await self._write(by, made, "changed", lambda conn: store.update(conn, made))
        self._channels = {**await self._all(), channel: made}
        self._courses.pop(channel, None)
        return made

    async def remove(self, by: str, channel: str) -> None:
        """No more of it. Refuses `no_channel`."""
        before = await self._one(channel)

        def work(conn: Connection) -> None:
            store.delete(conn, channel)

        await self._write(by, before, "removed", work)
        self._channels = {id_: each for id_, each in (await self._all()).items() if id_ != channel}
        self._courses.pop(channel, None)

    async def test(self, by: str, channel: str) -> None:
        """Send a word now. Refuses `no_channel`, and `not_sent` with the reason."""
        known = await self._one(channel)
        try:
            await self._send(known, model.trial(known.wish.name, self._wall))
        except NotSent as why:
            raise Refused("not_sent", str(why), 502) from why
        self._courses.pop(channel, None)
        await self._watch.note(by, [ChannelChanged(channel, known.wish.name, "tested")])

    async def _one(self, channel: str) -> Channel:
        found = (await self._all()).get(channel)
        if found is None:
            raise Refused("no_channel", "Không có kênh này. / No such channel.", 404)
        return found

    def _check_name(self, known: Mapping[str, Channel], name: str, mine: str) -> None:
        if any(each.wish.name == name and id_ != mine for id_, each in known.items()):
            raise Refused("name_taken", "Đã có kênh mang tên này. / A channel has this name.", 409)

    async def _write(self, by: str, channel: Channel, what: str, work: Callable[[Connection], None]) -> None:
        def write(conn: Connection) -> None:
            work(conn)
            self._audit.record(conn, by, f"alarms.channel_{what}", channel.id, {"kind": channel.wish.kind})

        await self._database.write(write)
        await self._watch.note(by, [ChannelChanged(channel.id, channel.wish.name, what)])

    def _sealed(self, channel: str, secret: str) -> bytes:
        return seal(self._at_rest, secret.encode(), _context(channel))


def _came_back(sent: asyncio.Future[None]) -> None:
    if not sent.cancelled():
        sent.exception()  # that it was too late has been told


def _told(channel: Channel, item: Due) -> Told:
    alarm = item.alarm
    what = "cleared" if item.over else "raised"
    return Told(alarm.id, channel.id, channel.wish.name, what, alarm.severity, alarm.level)


def _shown(wish: Wish, secret: str) -> Wish:
    """The wish with what may be seen of where it goes: a web hook's address is a secret, its host is not."""
    if wish.kind is not Kind.WEBHOOK:
        return wish
    scheme, _, rest = secret.partition("://")
    host = rest.partition("/")[0].rpartition("@")[2]
    return msgspec.structs.replace(wish, server=f"{scheme}://{host}")


def _context(channel: str) -> bytes:
    return b"diemcau alarm channel v1\0" + channel.encode()


def _where(wish: Wish) -> tuple[object, ...]:
    """Where a secret is sent to: a kept one must not go anywhere else. Of other kinds the secret is the address."""
    if wish.kind not in {Kind.EMAIL, Kind.TELEGRAM}:
        return (wish.kind,)
    return wish.kind, wish.server, wish.user, wish.security
