"""A candidate's page reduced to its words, at a site's exam service in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from site_agent.exam.clocks import CentreTime
from site_agent.exam.conversation import Conversation
from site_agent.exam.journal import Journal
from site_agent.exam.limits import Failures
from site_agent.exam.service import ExamSite
from site_agent.exam.window import Phase
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from wire.voucher import message_mark


class Phone:
    """A page whose words the test chooses, without a network."""

    def __init__(self, exams: ExamSite) -> None:
        self.heard: list[dict[str, Any]] = []
        self._talk = Conversation(exams, self, "10.0.0.9", Failures(10, 1.0))

    def send(self, text: str) -> None:
        self.heard.append(msgspec.json.decode(text))

    async def say(self, **message: object) -> None:
        await self._talk.hear(msgspec.json.encode(message).decode())

    @property
    def ticked(self) -> set[tuple[str, int]]:
        """Session and number of every message that was told ✓."""
        return {(heard["session"], heard["client_seq"]) for heard in self.heard if heard["type"] == "saved"}

    def last(self, kind: str) -> dict[str, Any]:
        return next(message for message in reversed(self.heard) if message["type"] == kind)

    def count(self, kind: str) -> int:
        return sum(1 for message in self.heard if message["type"] == kind)

    async def sit(self, centre: ExamCentre, number: str) -> dict[str, Any]:
        await self.say(type="hello")
        await self.say(type="sign_in", exam=centre.exam, number=number, pin=centre.slips[number][0])
        return self.last("signed_in")


def answer(seat: dict[str, Any], seq: int, item: str, option: str, key: str | None = None) -> dict[str, object]:
    mac = message_mark(key or seat["key"], "answer", seat["session"], seq, item, option)
    session = seat["session"]
    return {"type": "answer", "session": session, "client_seq": seq, "item": item, "option": option, "mac": mac}


@asynccontextmanager
async def open_exam(home: Path, centre: ExamCentre, time: CentreTime | None = None) -> AsyncIterator[ExamSite]:
    async with running(home, centre, time) as site:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        yield site.exams


async def kept(journal: Journal) -> set[tuple[str, int]]:
    """Session and number of every message that the journal has."""
    return {(entry.event.session, entry.event.client_seq) for entry in (await journal.past()).entries}
