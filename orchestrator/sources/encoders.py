"""Encoders that come to us through a door (RTMP, SRT): whether their key is good, who is inside, who must go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Protocol

import structlog

from orchestrator.clock import Clock
from orchestrator.media.sources.door_owner import EncoderDoor, RtmpSettings, SrtSettings
from orchestrator.media.sources.door_words import MISSING_LIBRARY, Answer, Refusal
from orchestrator.media.sources.job import Job, State, Told, Way, Why
from orchestrator.sources.model import Source
from orchestrator.sources.running import Running
from orchestrator.web.rate import Attempts

_MINUTE_NS = 60 * 1_000_000_000

log = structlog.get_logger()


class Keys(Protocol):
    """The sources, as encoders need them."""

    def of_key(self, key: str) -> Source | None:
        """The source of a key that was not revoked."""
        ...

    def still_in(self, source: str) -> bool:
        """Whether a source's key is still good, it is switched on and its session open."""
        ...

    def is_open(self, source: Source) -> bool: ...

    def job(self, source: Source) -> Job: ...

    def secret(self, source: Source) -> str:
        """The passphrase that its encoder must have, empty for none."""
        ...


class Encoders:
    """The doors, and everybody who came through them. A door opens with the first key for it."""

    def __init__(self, clock: Clock, keys: Keys, running: Running, rtmp: RtmpSettings, srt: SrtSettings) -> None:
        self._clock = clock
        self._keys = keys
        self._running = running
        self._strangers = Attempts(30, 15 * _MINUTE_NS)
        self._inside: dict[tuple[Way, int], str] = {}
        """Whose key each one brought, by the number that the door gave."""
        self._wanted = {way: asyncio.Event() for way in (Way.RTMP, Way.SRT_IN)}
        self.doors: Mapping[Way, EncoderDoor] = {
            way: EncoderDoor(command, partial(self._admit, way), partial(self._heard, way))
            for way, command in ((Way.RTMP, rtmp.command()), (Way.SRT_IN, srt.command()))
        }

    def want(self, way: Way) -> None:
        """There is a key for this door."""
        if way in self._wanted:
            self._wanted[way].set()

    async def keep(self, way: Way) -> None:
        """Keep a door open, from the first key for it on. Runs until cancelled."""
        await self._wanted[way].wait()
        await self.doors[way].run()

    def why(self, way: Way) -> Why:
        """Why no encoder can come through a door now."""
        door = self.doors[way]
        if not self._wanted[way].is_set() or not door.fault or door.port:
            return Why.NONE
        return Why.MISSING_PROGRAM if door.fault == MISSING_LIBRARY else Why.PORT_TAKEN

    def cut(self, source: str) -> None:
        """Whoever sends for this source must go."""
        for (way, encoder), inside in self._inside.items():
            if inside == source:
                self.doors[way].hang_up(encoder)

    def sweep(self) -> None:
        """Cut off those whose key is good no more or whose session is over."""
        for (way, encoder), source in self._inside.items():
            if not self._keys.still_in(source):
                self.doors[way].hang_up(encoder)

    async def _admit(self, way: Way, encoder: int, key: str, address: str) -> Answer:
        """Whether the key that an encoder brought is good, for what."""
        now = self._clock.now_ns()
        source = self._keys.of_key(key)
        if self._strangers.wait_ns(address, now):
            sentence = "Quá nhiều lần sai khoá, hãy đợi. / Too many wrong keys, wait."
            return Answer(encoder, None, sentence, Refusal.PATIENCE)
        if source is None or source.way is not way:
            self._strangers.take(address, now)
            log.warning("encoder_key_refused", way=way, address=address)
            return Answer(encoder, None, "Khoá sai hoặc đã thu hồi. / This key is wrong or was revoked.")
        if not source.wanted:
            return Answer(encoder, None, "Nguồn này đang tắt. / This source is switched off.", Refusal.CLOSED)
        if not self._keys.is_open(source):
            sentence = "Buổi học chưa mở hoặc đã kết thúc. / The session is not open."
            return Answer(encoder, None, sentence, Refusal.CLOSED)
        if way is Way.SRT_IN and source.id in self._inside.values():
            # Unlike RTMP's, a dead connection is noticed within seconds: the one that is there goes on.
            log.warning("second_encoder_refused", source=source.id, address=address)
            sentence = "Đã có máy khác đang gửi bằng khoá này. / Another encoder sends with this key."
            return Answer(encoder, None, sentence, Refusal.TAKEN)
        self.cut(source.id)  # the same encoder after a broken line: the newest connection counts
        self._inside[way, encoder] = source.id
        log.info("encoder_admitted", way=way, source=source.id, session=source.session, address=address)
        return Answer(encoder, self._keys.job(source), secret=self._keys.secret(source))

    def _heard(self, way: Way, encoder: int, told: Told | None) -> None:
        source = self._inside.get((way, encoder))
        if source is None:
            return
        if told is not None:
            self._running.hear(source, told)
            return
        del self._inside[way, encoder]
        if source not in self._inside.values() and self._running.told(source).state is not State.FAILED:
            self._running.hear(source, Told(State.STOPPED))
