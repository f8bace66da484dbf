"""A room where somebody sits an exam: the agent in one network namespace, a real browser in another, plain HTTP."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from site_agent.exam.journal import Journal
from tests.doubles.axe import serious_faults
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk_runner import send
from tests.doubles.school_network import SchoolNetwork, school_network
from wire.chain import EventKind, JournalEvent

CHROMIUM = "/usr/bin/chromium"
PORT = 8766
PAGES = Path(os.environ.get("DIEMCAU_TEST_PAGES", "site_agent/pages"))
S = 1_000_000_000


class Screen(msgspec.Struct, frozen=True):
    """What a candidate looks at; sizes in CSS pixels."""

    name: str
    width: int
    height: int
    touch: bool = False


PHONE = Screen("phone", 390, 844, touch=True)
DESKTOP = Screen("desktop", 1366, 768)


class Agent:
    """The site's program in its namespace; may be killed and started again."""

    def __init__(self, network: SchoolNetwork, folder: Path) -> None:
        self._network = network
        self.folder = folder
        self.program: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """What candidates open, without the path."""
        return f"http://{self._network.agent_ip}:{PORT}"

    async def start(self) -> None:
        """Start it; returns when its desk listens."""
        (self.folder / "ready").unlink(missing_ok=True)
        command = self._network.inside(
            self._network.agent, sys.executable, "-m", "tests.doubles.exam_desk_runner", str(self.folder),
            "--bind", "0.0.0.0", "--port", str(PORT), "--pages", str(PAGES.absolute()),
        )  # fmt: skip
        self.program = await asyncio.create_subprocess_exec(*command)
        await eventually((self.folder / "ready").exists, limit_s=20, step_s=0.05)

    async def end(self, how: signal.Signals) -> None:
        """Kill it or ask it to stop."""
        if self.program is not None:
            self.program.send_signal(how)
            await self.program.wait()
            self.program = None

    def province(self, there: bool) -> None:
        """Whether the province confirms what the site sends."""
        if there:
            (self.folder / "province").touch()
        else:
            (self.folder / "province").unlink(missing_ok=True)


@contextlib.contextmanager
def room_network() -> Iterator[SchoolNetwork]:
    """The room's two computers."""
    with school_network() as made:
        yield made


@contextlib.asynccontextmanager
async def agent_with(
    network: SchoolNetwork, folder: Path, centre: ExamCentre, rescue_to: bytes = b"", rescue_at: str = ""
) -> AsyncIterator[Agent]:
    """An agent that has the plan; the release comes two seconds before T0. `rescue_to`: the centre's key for rescue
    files, `rescue_at`: where it takes them."""
    send(folder, centre, centre.t0_ns - 2 * S, rescue_to, rescue_at)
    agent = Agent(network, folder)
    await agent.start()
    try:
        yield agent
    finally:
        await agent.end(signal.SIGTERM)


@contextlib.asynccontextmanager
async def candidate_browser(
    network: SchoolNetwork, folder: Path, screen: Screen = PHONE
) -> AsyncIterator[BrowserContext]:
    """A browser of its own in the candidates' namespace."""
    program = network.program(folder, network.phone, CHROMIUM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield await browser.new_context(
            viewport={"width": screen.width, "height": screen.height}, locale="vi-VN", has_touch=screen.touch
        )
        await browser.close()


async def sign_in(page: Page, centre: ExamCentre, number: str) -> None:
    """By number and PIN."""
    await page.get_by_label("Số báo danh").fill(number)
    await page.get_by_label("Mã PIN").fill(centre.slips[number][0])
    await page.get_by_role("button", name="Vào phòng kiểm tra").click()
    await expect(page.locator("header")).to_contain_text(number)


async def answer(page: Page, place: int, option: int) -> None:
    """Choose by a touch or click."""
    await page.locator(f"#q{place} .option").nth(option).click()


async def expect_mark(page: Page, place: int, words: str) -> None:
    """What the page says of an answer."""
    await expect(page.locator(f"#q{place} .question-head")).to_contain_text(words, timeout=30_000)


async def look(page: Page, name: str) -> None:
    """Nothing serious for axe; a picture for whoever wants to look, in the folder of DIEMCAU_TEST_PICTURES."""
    folder = os.environ.get("DIEMCAU_TEST_PICTURES")
    if folder:
        await asyncio.to_thread(Path(folder).mkdir, parents=True, exist_ok=True)
        await page.screenshot(path=Path(folder) / f"{name}.png")
    faults = await serious_faults(page)
    assert not faults, "\n".join([name, *faults])


async def chain(folder: Path, number: str) -> list[tuple[JournalEvent, bytes]]:
    """A candidate's events and their hashes, from the journal's file; the agent must have ended."""
    journal = Journal(folder / "journal.sqlite3")
    await journal.start()
    past = await journal.past()
    await journal.stop()
    return [(entry.event, entry.hash) for entry in past.entries if entry.event.candidate == number]


async def kept_answers(folder: Path, number: str) -> dict[str, str]:
    """What counts per item."""
    events = [event for event, _ in await chain(folder, number) if event.kind is EventKind.ANSWER]
    return {str(event.item): str(event.option) for event in events}
