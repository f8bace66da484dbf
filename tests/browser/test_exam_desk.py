"""A real browser sits the exam over plain HTTP from a non-loopback address, where browsers give no WebCrypto."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from site_agent.exam.journal import Journal
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk_runner import send
from tests.doubles.school_network import SchoolNetwork, school_network
from wire.chain import EventKind, JournalEvent, receipt

CHROMIUM = "/usr/bin/chromium"
PORT = 8766
PAGES = Path(os.environ.get("DIEMCAU_TEST_PAGES", "site_agent/pages"))
S = 1_000_000_000


class Agent:
    """The site's program in its namespace; may be killed and started again."""

    def __init__(self, network: SchoolNetwork, folder: Path) -> None:
        self._network = network
        self.folder = folder
        self._program: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://{self._network.agent_ip}:{PORT}"

    async def start(self) -> None:
        (self.folder / "ready").unlink(missing_ok=True)
        command = self._network.inside(
            self._network.agent, sys.executable, "-m", "tests.doubles.exam_desk_runner", str(self.folder),
            "--bind", "0.0.0.0", "--port", str(PORT), "--pages", str(PAGES.absolute()),
        )  # fmt: skip
        self._program = await asyncio.create_subprocess_exec(*command)
        await eventually((self.folder / "ready").exists, limit_s=20, step_s=0.05)

    async def end(self, how: signal.Signals) -> None:
        if self._program is not None:
            self._program.send_signal(how)
            await self._program.wait()
            self._program = None

    def province(self, there: bool) -> None:
        if there:
            (self.folder / "province").touch()
        else:
            (self.folder / "province").unlink(missing_ok=True)


@pytest.fixture
def network() -> Iterator[SchoolNetwork]:
    with school_network() as made:
        yield made


@contextlib.asynccontextmanager
async def agent_with(network: SchoolNetwork, folder: Path, centre: ExamCentre) -> AsyncIterator[Agent]:
    send(folder, centre, centre.t0_ns - 2 * S)
    agent = Agent(network, folder)
    await agent.start()
    try:
        yield agent
    finally:
        await agent.end(signal.SIGTERM)


@contextlib.asynccontextmanager
async def phone(network: SchoolNetwork, folder: Path, width: int = 390, height: int = 844) -> AsyncIterator[Page]:
    program = network.program(folder, network.phone, CHROMIUM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        page = await context.new_page()
        yield page
        await browser.close()


async def answer(page: Page, place: int, option: int) -> None:
    await page.locator(f"#q{place} .option").nth(option).click()


async def picture(page: Page, name: str) -> None:
    folder = os.environ.get("DIEMCAU_TEST_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_phone_sits_the_exam_through_a_killed_agent(network: SchoolNetwork, tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 12 * S, duration_s=120, questions=6)
    async with agent_with(network, tmp_path, centre) as agent, phone(network, tmp_path) as page:
        await page.goto(agent.url + "/exam/")
        assert await page.evaluate("isSecureContext") is False
        await picture(page, "1-door")
        await page.get_by_label("Số báo danh").fill("SBD001")
        await page.get_by_label("Mã PIN").fill(centre.slips["SBD001"][0])
        await page.get_by_role("button", name="Vào phòng kiểm tra").click()
        await expect(page.get_by_text("Đề mở lúc")).to_be_visible()
        assert await page.locator(".question").count() == 0
        await picture(page, "2-waiting")

        await expect(page.locator(".question")).to_have_count(6, timeout=20_000)
        await answer(page, 0, 1)
        await expect(page.locator("#q0 legend")).to_contain_text("trường đã lưu")
        await picture(page, "3-open")
        agent.province(there=True)
        await expect(page.locator("#q0 legend")).to_contain_text("tỉnh đã nhận")
        agent.province(there=False)

        await agent.end(signal.SIGKILL)
        await expect(page.get_by_text("Mất kết nối với máy của trường")).to_be_visible()
        await answer(page, 1, 2)
        await answer(page, 2, 0)
        await expect(page.locator("#q1 legend")).to_contain_text("mới ở máy này")
        await expect(page.locator("#q0 legend")).to_contain_text("tỉnh đã nhận")
        await picture(page, "4-agent-down")
        await agent.start()
        await expect(page.locator("#q2 legend")).to_contain_text("trường đã lưu", timeout=30_000)
        await expect(page.locator("#q1 legend")).to_contain_text("trường đã lưu")

        for place in range(3, 6):
            await answer(page, place, place % 4)
        agent.province(there=True)
        for place in range(6):
            await expect(page.locator(f"#q{place} legend")).to_contain_text("tỉnh đã nhận", timeout=10_000)
        await page.get_by_role("button", name="Tổng quan").click()
        await picture(page, "5-overview")
        await page.locator(".side").get_by_role("button", name="Nộp bài").click()
        await picture(page, "6-ask")
        await page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
        await expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible()
        shown = (await page.locator("#receipt").inner_text()).strip()
        await picture(page, "7-receipt")
    events = await chain(tmp_path, "SBD001")
    assert [event.kind for event, _ in events].count(EventKind.ANSWER) == 6
    assert events[-1][0].kind is EventKind.HAND_IN
    assert shown == receipt(events[-1][1])


async def test_a_reload_and_a_second_tab_go_on_where_the_first_was(network: SchoolNetwork, tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 6 * S, duration_s=120, questions=4)
    async with agent_with(network, tmp_path, centre) as agent, phone(network, tmp_path, 1366, 768) as page:
        await page.goto(f"{agent.url}/exam/#v={centre.slips['SBD002'][1]}")
        await expect(page.locator("header")).to_contain_text("SBD002")
        assert "#v" not in page.url
        await expect(page.locator(".question")).to_have_count(4, timeout=20_000)
        await answer(page, 0, 3)
        await expect(page.locator("#q0 legend")).to_contain_text("trường đã lưu")
        await picture(page, "8-desktop")
        await page.reload()
        await expect(page.locator("#q0 .option.chosen")).to_have_count(1)
        await expect(page.locator("#q0 legend")).to_contain_text("trường đã lưu")

        second = await page.context.new_page()
        await second.goto(agent.url + "/exam/")
        await expect(second.locator("#q0 .option.chosen")).to_have_count(1)
        await expect(page.get_by_role("heading", name="Bài thi đang mở ở nơi khác")).to_be_visible()
        await answer(second, 1, 0)
        await expect(second.locator("#q1 legend")).to_contain_text("trường đã lưu")
        await page.get_by_role("button", name="Làm tiếp ở đây").click()
        await expect(page.locator("#q1 .option.chosen")).to_have_count(1)
        await answer(page, 1, 2)
        await expect(page.locator("#q1 legend")).to_contain_text("trường đã lưu")
        await expect(second.get_by_role("heading", name="Bài thi đang mở ở nơi khác")).to_be_visible()
    events = [event for event, _ in await chain(tmp_path, "SBD002") if event.kind is EventKind.ANSWER]
    item = centre.papers["102"].items[1]
    assert [event.option for event in events if event.item == item.id] == [item.options[0].id, item.options[2].id]


async def chain(folder: Path, number: str) -> list[tuple[JournalEvent, bytes]]:
    journal = Journal(folder / "journal.sqlite3")
    await journal.start()
    past = await journal.past()
    await journal.stop()
    return [(entry.event, entry.hash) for entry in past.entries if entry.event.candidate == number]
