import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.doubles.centre_time import S
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from wire.chain import EventKind
from wire.voucher import message_mark


class Caller:
    """A page that may only make requests."""

    def __init__(self, client: aiohttp.ClientSession, site: Site) -> None:
        self._client, self._site = client, site
        self.line, self.got = "", 0
        self.heard: list[dict[str, Any]] = []

    async def post(self, *say: dict[str, object], got: int | None = None) -> dict[str, Any]:
        body = {"line": self.line, "got": self.got if got is None else got, "say": list(say)}
        headers = {"Origin": self._site.url}
        async with self._client.post(self._site.url + "/exam/talk", json=body, headers=headers) as reply:
            told: dict[str, Any] = await reply.json()
        if not told["gone"]:
            self.line = told["line"]
            fresh = told["frames"][max(0, self.got + 1 - told["first"]) :]
            self.heard += fresh
            self.got += len(fresh)
        return told

    def last(self, kind: str) -> dict[str, Any]:
        return next(message for message in reversed(self.heard) if message["type"] == kind)


@asynccontextmanager
async def calling(home: Path, centre: ExamCentre) -> AsyncIterator[tuple[Site, Caller]]:
    async with running(home, centre) as site, aiohttp.ClientSession() as client:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        yield site, Caller(client, site)


async def test_a_page_without_websockets_sits_the_whole_exam(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 2)
    async with calling(tmp_path, centre) as (site, page):
        told = await page.post({"type": "hello"})
        assert told["desk"] == "diemcau exam desk"
        pin = centre.slips["SBD001"][0]
        await page.post({"type": "sign_in", "exam": centre.exam, "number": "SBD001", "pin": pin})
        seat = page.last("signed_in")
        while not any(message["type"] == "opened" for message in page.heard):
            await page.post()  # waits for the desk to speak
        item = page.last("opened")["items"][0]
        option = item["options"][1]["id"]
        mac = message_mark(seat["key"], "answer", seat["session"], 1, item["id"], option)
        said = {"type": "answer", "session": seat["session"], "client_seq": 1, "item": item["id"], "option": option}
        await page.post({**said, "mac": mac})
        await page.post({**said, "mac": "00" * 32})
        assert page.last("saved")["client_seq"] == 1
        assert page.last("trouble")["code"] == "mac_refused"
        mac = message_mark(seat["key"], "hand_in", seat["session"], 2)
        await page.post({"type": "hand_in", "session": seat["session"], "client_seq": 2, "mac": mac})
        assert page.last("receipt")["code"] == site.exams.halls[centre.exam].sitting("SBD001").handed_in
        kinds = [entry.event.kind for entry in (await site.journal.past()).entries]
        assert kinds[0] is EventKind.SIGN_IN
        assert {*kinds} == {EventKind.SIGN_IN, EventKind.OPEN, EventKind.ANSWER, EventKind.HAND_IN}


async def test_a_reply_that_was_lost_on_the_way_is_told_again(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    async with calling(tmp_path, centre) as (_, page):
        first = await page.post({"type": "hello"})
        again = await page.post({"type": "ping"}, got=0)
        assert again["frames"][: len(first["frames"])] == first["frames"]
        assert [message["type"] for message in page.heard] == ["welcome", "pong"]


async def test_a_page_that_speaks_is_answered_while_its_other_request_waits(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    async with calling(tmp_path, centre) as (_, page):
        await page.post({"type": "hello"})
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(page.post())
            await asyncio.sleep(0)
            await page.post({"type": "ping"})
            await waiting
        assert [message["type"] for message in page.heard] == ["welcome", "pong"]


async def test_a_line_of_an_agent_that_has_been_started_again_is_gone(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    async with calling(tmp_path, centre) as (_, page):
        page.line = "ab" * 16
        assert (await page.post())["gone"]


async def test_a_form_of_another_page_cannot_post(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    async with running(tmp_path, centre) as site, aiohttp.ClientSession() as client:
        url, body = site.url + "/exam/talk", b'{"say":[{"type":"hello"}]}'
        for headers in ({"Content-Type": "text/plain"}, {"Origin": "http://evil.example"}):
            async with client.post(url, data=body, headers={"Content-Type": "application/json", **headers}) as reply:
                assert reply.status == 403
        async with client.post(url, data=b"{", headers={"Content-Type": "application/json"}) as reply:
            assert reply.status == 400
