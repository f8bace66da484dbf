"""Lines that fail between a school and the province: what showed ✓ at the school arrives, each answer once."""

import asyncio
import random
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from orchestrator.links.records import Intake
from orchestrator.live.memory import MemoryBus
from orchestrator.storage.engine import Database
from tests.doubles.eventually import eventually
from tests.doubles.exam_line import AnsweringSite, answering_site
from tests.doubles.exam_site import Journal
from tests.doubles.lost_answers import LostAnswers
from tests.doubles.manual_clock import ManualClock
from tests.doubles.proxy import Line
from wire.chain import EventKind
from wire.codec import encode_record
from wire.ids import EnrolmentId, ExamId, ItemId, OptionId, SiteId
from wire.messages import Committed, Down, ExamEvent, Records


def count(site: AnsweringSite, count_lost: LostAnswers) -> None:
    assert len(site.arrived) == len(set(site.arrived))
    count_lost(site.acked, site.arrived)


async def test_a_line_that_is_away_from_before_the_opening_until_after_the_close_loses_nothing(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    async with answering_site(tmp_path) as site:
        site.line.partition()
        await site.answer(300)
        assert site.arrived == []
        site.line.heal()
        await site.all_there()
        count(site, count_lost)


async def test_a_line_that_breaks_again_and_again_loses_nothing(tmp_path: Path, count_lost: LostAnswers) -> None:
    """Three of ten moments see the line reset: what a proxy can do of 30 % loss, since TCP hides lost packets."""
    chance = random.Random(30)
    line = Line(up_s=0.005, down_s=0.005, jitter_s=0.05, seed=30)
    async with answering_site(tmp_path, line) as site:
        for _ in range(40):
            await site.answer(5)
            if chance.random() < 0.3:
                line.cut()
            await asyncio.sleep(0.02)
        await site.all_there()
        count(site, count_lost)


async def test_a_reply_lost_after_the_commit_makes_nothing_twice(tmp_path: Path, count_lost: LostAnswers) -> None:
    async with answering_site(tmp_path) as site:
        await site.agent.uplink.up()
        for _ in range(6):
            await site.all_there()
            site.line.deaf = True
            before = len(site.arrived)
            await site.answer(20)
            await eventually(partial(site.has_more_than, before))
            site.line.deaf = False
            site.line.cut()
            await site.agent.uplink.up()
        await site.all_there()
        count(site, count_lost)


@asynccontextmanager
async def captive_portal():  # type: ignore[no-untyped-def]
    """Answers everything with its own page and 200."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>Đăng nhập Wi-Fi</html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    async with TestServer(app) as server:
        yield server


async def test_a_captive_portal_is_not_taken_for_the_province(tmp_path: Path, count_lost: LostAnswers) -> None:
    async with answering_site(tmp_path) as site, captive_portal() as portal:
        await site.agent.uplink.up()
        province, site.line.target = site.line.target, ("127.0.0.1", portal.port)
        site.line.cut()
        accepted = site.line.accepted
        await site.answer(30)
        await eventually(lambda: site.line.accepted >= accepted + 3)
        assert not set(site.arrived) >= site.acked
        site.line.target = province
        site.line.cut()
        await site.all_there()
        count(site, count_lost)


async def test_a_line_that_goes_on_from_another_address_loses_nothing(tmp_path: Path, count_lost: LostAnswers) -> None:
    """A router forgot the connection: the centre still holds the old one open when the site calls again."""
    async with answering_site(tmp_path) as site:
        await site.agent.uplink.up()
        for _ in range(4):
            await site.answer(10)
            site.line.forget()
            await site.answer(10)
        await site.all_there()
        count(site, count_lost)


@pytest.mark.parametrize("seed", range(12))
async def test_batches_that_come_twice_in_disorder_or_cut_short_are_each_kept_once(
    tmp_path: Path, seed: int, count_lost: LostAnswers
) -> None:
    chance = random.Random(seed)
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    kept: list[int] = []
    told = [0]

    def send(_: SiteId, message: Down) -> bool:
        assert isinstance(message, Committed)
        told[0] = message.through
        return True

    intake = Intake(database, MemoryBus(), ManualClock(), send)
    intake.on_record(ExamEvent, lambda conn, site, enrolment, sequence, record: kept.append(record.client_seq))
    journal = Journal(ExamId("exam-1"), "SBD001")
    bodies = [encode_record(journal.write(EventKind.ANSWER, n, ItemId(f"i{n}"), OptionId("a"))) for n in range(120)]
    while told[0] < len(bodies):
        first = max(0, told[0] + chance.randint(-20, 6))
        part = bodies[first : first + chance.randint(1, 30)]
        if part:
            records = Records(stream="stream-1", first=first + 1, bodies=part)
            for _ in range(chance.choice((1, 1, 2))):
                await intake.take(SiteId("site-1"), EnrolmentId("enrolment-1"), records)
    await database.close()
    assert kept == list(range(1, 121))
    count_lost(range(1, 121), kept)
