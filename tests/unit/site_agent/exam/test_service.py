"""The exam service through faults that must not end the agent."""

import asyncio
import sqlite3
import time
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from site_agent.desk_address import desk_names
from site_agent.exam.clocks import SiteClocks
from site_agent.exam.download import DownloadFailed, PaperDownload
from site_agent.exam.hall import new_hall
from site_agent.exam.journal import Journal
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault, VaultRefused
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S, SteadyTime
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from wire.codec import decode_up, encode
from wire.ids import ExamId
from wire.messages import ExamCancelled, Heartbeat
from wire.paper import Plan


class Page:
    """A page that keeps what it was sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, text: str) -> None:
        self.heard.append(text)


async def test_an_exam_opens_for_all_though_one_who_sits_here_left_the_roster(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        gone, here = Page(), Page()
        hall.pages = {"SBD999": gone, "SBD001": here}
        await site.exams.on_release(centre.release())
        await eventually(lambda: hall.opening is not None and hall.window.phase is Phase.OPEN)
        assert any('"opened"' in frame for frame in here.heard)
        assert not any('"opened"' in frame for frame in gone.heard)


async def test_a_site_with_many_past_exams_still_sends_a_heartbeat_that_the_centre_reads(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 60 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        held = site.exams.halls[centre.exam].held
        for number in range(60):
            past = msgspec.structs.replace(held.manifest, exam=ExamId(f"exam-{number}"), t0_ns=number)
            site.exams.halls[past.exam] = new_hall(msgspec.structs.replace(held, manifest=past))
        heartbeat = decode_up(encode(Heartbeat(at_ns=1, agent_version="1", exams=site.exams.progress())))
        assert isinstance(heartbeat, Heartbeat)
        assert heartbeat.exams[0].exam == centre.exam


async def test_a_run_that_begins_anew_takes_up_every_window(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 2)
    site = Site(tmp_path, centre)
    await site.exams.start()
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(site.exams.run())
        await site.exams.on_plan(centre.exam_plan())
        await eventually(lambda: not site.exams.halls[centre.exam].held.missing)
        first.cancel()
    await site.exams.on_release(centre.release())
    async with asyncio.TaskGroup() as tasks:
        again = tasks.create_task(site.exams.run())
        await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
        again.cancel()
    await site.exams.stop()


@pytest.mark.parametrize("first", ["secret", "paper"])
@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21, 34])
async def test_a_window_opens_without_another_look_at_the_clocks_whenever_paper_and_secret_come(
    tmp_path: Path, first: str, turns: int
) -> None:
    """T0 is past, and no window looks by itself: only the words of what arrived carry it on."""
    centre = ExamCentre(t0_ns=time.time_ns() - S // 10)
    source = Gate(centre)
    site = ExamSite(
        name="TH Bế Văn Đàn",
        vault=Vault(tmp_path / "vault.sqlite3", centre.site_secret, centre.exam_key),
        journal=Journal(tmp_path / "journal.sqlite3"),
        source=source,
        clocks=SiteClocks(SteadyTime()),
        longest_pause_s=3600.0,
    )
    await site.start()
    async with asyncio.TaskGroup() as tasks:
        running_it = tasks.create_task(site.run())
        await site.on_plan(centre.exam_plan())
        if first == "paper":
            source.open.set()
        else:
            await site.on_release(centre.release())
        for _ in range(turns):
            await asyncio.sleep(0)
        source.open.set()
        if first == "paper":
            await site.on_release(centre.release())
        await eventually(lambda: site.halls[centre.exam].window.phase is Phase.OPEN)
        running_it.cancel()
    await site.stop()


class Gate:
    """Sealed papers that can be had once `open` is set."""

    def __init__(self, centre: ExamCentre) -> None:
        self._centre = centre
        self.open = asyncio.Event()

    async def fetch(self, digest: bytes) -> bytes:
        await self.open.wait()
        return await self._centre.fetch(digest)


async def test_a_vault_that_the_disk_refuses_says_so(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    vault = Vault(tmp_path / "vault.sqlite3", centre.site_secret, centre.exam_key)
    await vault.start()
    other = sqlite3.connect(tmp_path / "vault.sqlite3")
    other.execute("DROP TABLE plan")
    other.close()
    with pytest.raises(VaultRefused) as refused:
        await vault.keep_plan(centre.exam_plan())
    assert refused.value.code == "disk"
    await vault.stop()


async def test_a_site_says_that_it_holds_a_cancel_only_once_its_disk_does(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 60 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        order = ExamCancelled(exam=centre.exam)
        file = sqlite3.connect(next(tmp_path.rglob("vault.sqlite3")))
        file.execute("CREATE TRIGGER full BEFORE UPDATE ON plan BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
        with pytest.raises(VaultRefused):
            await site.exams.on_cancelled(order)
        assert hall.window.phase is Phase.CANCELLED
        assert [told.cancelled for told in site.exams.progress()] == [False]
        file.execute("DROP TRIGGER full")
        file.close()
        for _ in range(2):
            await site.exams.on_cancelled(order)
            assert [told.cancelled for told in site.exams.progress()] == [True]
    async with running(tmp_path, centre) as site:
        assert [told.cancelled for told in site.exams.progress()] == [True]


async def test_a_download_that_left_no_file_is_a_failed_download(tmp_path: Path) -> None:
    async def nothing(_request: web.Request) -> web.Response:
        return web.Response(status=416)

    app = web.Application()
    app.router.add_get("/agent/papers/{digest}", nothing)
    async with TestServer(app) as server:
        source = PaperDownload(str(server.make_url("/")), tmp_path / "papers")
        with pytest.raises(DownloadFailed):
            await source.fetch(b"d" * 32)


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("", frozenset()),
        ("http://thi.truong.vn:8766/", frozenset({"thi.truong.vn"})),
        ("http://[fe80::1]:8766/", frozenset({"[fe80::1]"})),
    ],
)
def test_the_desk_answers_to_the_name_that_candidates_were_told(url: str, names: frozenset[str]) -> None:
    assert desk_names(url) == names


async def test_what_a_window_leaves_at_its_end_may_wait_up_to_the_plans_upload_jitter(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 5, duration_s=4, plan=Plan(upload_jitter_s=7.0))
    waits: list[float] = []
    async with running(tmp_path, centre) as site:
        site.exams.on_end(waits.append)
        await site.exams.on_plan(centre.exam_plan())
        hall = site.exams.halls[centre.exam]
        await site.exams.on_release(centre.release())
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert waits == []
        await eventually(lambda: hall.window.phase is Phase.CLOSED)
    (wait,) = waits
    assert 0.0 < wait <= 7.0
