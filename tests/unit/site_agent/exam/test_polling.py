"""A site whose line is down finds the release where it stands as a file, and believes only what proves itself."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from site_agent.exam.download import DownloadFailed, fetch_small
from site_agent.exam.hall import Hall, new_hall
from site_agent.exam.ledger import Opening
from site_agent.exam.polling import ReleasePoll, may_lack_secret
from site_agent.exam.vault import Held
from site_agent.exam.window import Phase, anchor
from tests.doubles.centre_time import S, SteadyTime, reading
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from wire.exam_release import write_certificate
from wire.ids import ClockState, ExamId
from wire.paper import Manifest, Plan
from wire.seal import new_release_secret

HOSTS = ("https://a.vn/thi", "https://b.vn/thi", "https://c.vn/thi")
CENTRE = "https://centre.vn"


class Net:
    """Hosts that answer with these bytes; all others are down."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        host = url.removeprefix("https://").split("/")[0]
        if host not in self.answers:
            raise DownloadFailed("ConnectionRefusedError")
        return self.answers[host]


def planned(t0_ns: int, *, reserve: bool = False) -> ExamCentre:
    return ExamCentre(t0_ns=t0_ns, plan=Plan(3600.0, 60.0, 1800.0, 0.0, release_hosts=HOSTS), reserve=reserve)


def poll(site: Site, net: Net, *, line_up: bool = False) -> ReleasePoll:
    return ReleasePoll(site.exams, CENTRE, net.fetch, lambda: line_up)


async def test_one_right_host_of_four_is_enough(tmp_path: Path) -> None:
    centre = planned(time.time_ns() + S // 2)
    forged = write_certificate(centre.exam, new_release_secret(), None)
    other = write_certificate(ExamId("exam-other"), centre.secret, None)
    net = Net({
        "a.vn": b"<html>Wi-Fi: xin dang nhap</html>", "b.vn": forged, "centre.vn": other,
        "c.vn": write_certificate(centre.exam, centre.secret, None),
    })  # fmt: skip
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await poll(site, net).look()
        hall = site.exams.halls[centre.exam]
        assert hall.held.secret == centre.secret
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert hall.opening is not None
        assert hall.opening.hi_ns >= centre.t0_ns
        assert sorted(net.asked)[-1] == f"{CENTRE}/agent/release/{centre.exam}"


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"[" * 5000, b"x" * 100_000, b'{"exam": 3}', b'{"code":"A"}'])
async def test_what_is_no_certificate_opens_nothing(tmp_path: Path, content: bytes) -> None:
    centre = planned(time.time_ns() + 10 * S)
    net = Net(dict.fromkeys(("a.vn", "b.vn", "c.vn", "centre.vn"), content))
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await poll(site, net).look()
        assert site.exams.halls[centre.exam].held.secret is None


async def test_nobody_is_asked_before_the_release_lead_or_once_the_secret_is_here(tmp_path: Path) -> None:
    centre, net = planned(time.time_ns() + 70 * S), Net({})
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await poll(site, net).look()
        assert net.asked == []
    soon = planned(time.time_ns() + 30 * S)
    (tmp_path / "soon").mkdir()
    async with running(tmp_path / "soon", soon) as site:
        await site.exams.on_plan(soon.exam_plan())
        await site.exams.on_release(soon.release())
        await poll(site, net).look()
        assert net.asked == []


async def test_a_certificate_that_came_early_does_not_open_before_t0(tmp_path: Path) -> None:
    centre = planned(time.time_ns() + 40 * S)
    net = Net({"a.vn": write_certificate(centre.exam, centre.secret, None)})
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await poll(site, net).look()
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.ARMED)
        assert hall.opening is None


async def test_the_order_to_sit_the_reserve_is_found_too(tmp_path: Path) -> None:
    centre = planned(time.time_ns() + S // 5, reserve=True)
    net = Net({"b.vn": write_certificate(centre.exam, None, centre.switch(time.time_ns()))})
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        looking = poll(site, net)
        for _ in range(5):
            await looking.look()
        assert hall.held.turned


async def test_a_file_that_puts_the_reserve_off_is_refused(tmp_path: Path) -> None:
    centre = planned(time.time_ns() + 30 * S, reserve=True)
    genuine = json.loads(write_certificate(centre.exam, None, centre.switch(0)))
    net = Net({"a.vn": json.dumps(genuine | {"opens_ns": centre.t0_ns + 3600 * S}).encode()})
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await poll(site, net).look()
        assert not site.exams.halls[centre.exam].held.turned


@pytest.mark.parametrize("slow_s", [600, 23 * 365 * 24 * 3600], ids=["10 min slow", "BIOS 2002"])
async def test_a_site_that_does_not_know_the_time_asks_whatever_its_clock_says(tmp_path: Path, slow_s: int) -> None:
    centre = planned(time.time_ns() + slow_s * S)
    net = Net({"a.vn": write_certificate(centre.exam, centre.secret, None)})
    async with running(tmp_path, centre, SteadyTime(ClockState.BLIND, None)) as site:
        await site.exams.on_plan(centre.exam_plan())
        looking = poll(site, net)
        for _ in range(5):
            await looking.look()
        hall = site.exams.halls[centre.exam]
        assert hall.held.secret == centre.secret
        await eventually(lambda: hall.window.phase is Phase.ARMED)
        asked = len(net.asked)
        for _ in range(5):
            await looking.look()
        assert len(net.asked) == asked


def hall_of(t0_s: int) -> Hall:
    plan = Plan(3600.0, 60.0, 1800.0, 0.0)
    manifest = Manifest(ExamId(f"exam-{t0_s}"), "Bài", t0_s * S, 7200, b"r" * 32, {"101": b"p" * 32}, plan)
    return new_hall(Held(manifest, {}, [], cancelled=False, secret=None, release=None, missing=[]))


def test_a_site_that_does_not_know_the_time_asks_for_nothing_older_than_what_it_has_opened() -> None:
    halls = [hall_of(t0_s) for t0_s in (100_000, 200_000, 300_000)]
    blind = reading(5, bound_ms=None, state=ClockState.BLIND)
    assert may_lack_secret(halls, reading(5)) == []
    assert may_lack_secret(halls, blind) == halls[::-1]
    halls[1].opening = Opening(halls[1].exam, anchor(reading(200_000)), 200_000 * S, 200_000 * S)
    halls[1].window.phase = Phase.CLOSED
    assert may_lack_secret(halls, blind) == [halls[2]]


@asynccontextmanager
async def served(answer: web.StreamResponse | None) -> AsyncIterator[str]:
    async def respond(_request: web.Request) -> web.StreamResponse:
        assert answer is not None
        return answer

    app = web.Application()
    app.router.add_get("/thi/exam.json", respond)
    async with TestServer(app) as server:
        yield str(server.make_url("/thi/exam.json"))


async def test_a_small_file_is_read_and_a_huge_one_a_captive_one_and_none_are_refused() -> None:
    async with served(web.Response(body=b"{}")) as url:
        assert await fetch_small(url) == b"{}"
    for answer in (
        web.Response(body=b"x" * 10_000),
        web.Response(status=302, headers={"Location": "http://login.wifi/"}),
        web.Response(status=404),
    ):
        async with served(answer) as url:
            with pytest.raises(DownloadFailed):
                await fetch_small(url)
    with pytest.raises(DownloadFailed):
        await fetch_small("http://127.0.0.1:1/x")
    with pytest.raises(DownloadFailed):
        await fetch_small("not an address")
