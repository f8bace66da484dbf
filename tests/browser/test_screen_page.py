import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Page, async_playwright, expect

from demo.lecture import LectureSettings, lecture_file
from demo.recorded import RecordedLecture
from site_agent.declaring import DeclaredNumber
from site_agent.lecture.figures import Reading, ScreenFigures
from site_agent.local_server import LocalServer
from site_agent.state import (
    ClockView,
    Contact,
    DeclaredView,
    ExamView,
    FloorView,
    NoticeView,
    RollCallView,
    SiteName,
    SiteState,
    SiteView,
    SlidesView,
)
from tests.doubles.axe import serious_faults
from tests.doubles.eventually import eventually
from tests.doubles.lecture_hall import OnAir, relay
from wire.ids import ClockState, ScreenState, SiteId
from wire.ladder import PHONE

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--allow-loopback-in-peer-connection", "--disable-background-networking")
WITH_SOUND = "--autoplay-policy=no-user-gesture-required"
WITHOUT_SOUND = "--autoplay-policy=user-gesture-required"
SIZE = {"width": 1920, "height": 1080}
LEVEL_DBFS = -20.0


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Room:
    """A site's computer without the rest of the agent."""

    state: SiteState
    server: LocalServer
    figures: ScreenFigures
    readings: list[Reading]
    declared: list[int]

    def show(self, hall: OnAir) -> None:
        """As the agent does when the centre says so."""
        lecture = hall.to_view()
        self.figures.lecture(lecture.session, time.monotonic())
        self.state.put(lecture=lecture)


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> RecordedLecture:
    folder: Path = tmp_path_factory.mktemp("lecture")
    return RecordedLecture.read(lecture_file(folder, LectureSettings(tone_dbfs=LEVEL_DBFS)))


@pytest.fixture
async def on_air(lecture: RecordedLecture) -> AsyncIterator[OnAir]:
    async with relay() as address:
        hall = OnAir(address, lecture)
        hall.begin()
        yield hall
        await hall.end()


@pytest.fixture
async def room(on_air: OnAir) -> AsyncIterator[Room]:
    state = SiteState(
        SiteView(
            site=SiteName(SiteId("site-a"), "T001", "Trường Tiểu học Kim Đồng"),
            link="up",
            clock=ClockView(ClockState.SYNCED, 12.0),
            contact=Contact("0912 345 678"),
        )
    )
    figures, readings, declared = ScreenFigures(), list[Reading](), list[int]()

    def read(reading: Reading) -> None:
        readings.append(reading)
        figures.read(reading, time.monotonic())

    async def declare(said: DeclaredNumber) -> DeclaredView:
        declared.append(said.number)
        return DeclaredView(said.number, now_ms())

    server = LocalServer(
        state,
        now_ms=now_ms,
        health=lambda: figures.health(time.monotonic()),
        on_figures=read,
        declare=declare,
        centre_url=on_air.address,
        port=0,
    )
    await server.start()
    yield Room(state, server, figures, readings, declared)
    await server.stop()


async def browser_page(flags: Sequence[str]) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        page = await browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        yield page
        await browser.close()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async for one in browser_page([WITH_SOUND]):
        yield one


@pytest.fixture
async def mute_page() -> AsyncIterator[Page]:
    async for one in browser_page([WITHOUT_SOUND]):
        yield one


async def picture(page: Page, folder: Path, name: str) -> None:
    """Kept in the test's folder for whoever wants to look."""
    await page.screenshot(path=folder / f"screen-{name}.png")


async def test_the_screen_decodes_the_lecture_and_its_sound_without_a_click(
    room: Room, on_air: OnAir, page: Page, tmp_path: Path
) -> None:
    await page.goto(f"{room.server.url}/screen")
    await expect(page.get_by_text("Trường Tiểu học Kim Đồng").first).to_be_visible()
    await picture(page, tmp_path, "waiting")
    room.show(on_air)
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 30, 30, 0.05)
    # The first moments of sound are measured together with the silence before them.
    await eventually(lambda: (room.readings[-1].audio_dbfs or -120) == pytest.approx(LEVEL_DBFS, abs=2), 30, 0.05)
    health = room.figures.health(time.monotonic())
    assert (health.state, health.width, health.height) == (ScreenState.PLAYING, 1280, 720)
    assert health.audio_dbfs == pytest.approx(LEVEL_DBFS, abs=2)
    await expect(page.locator(".level")).not_to_have_attribute("data-lit", "0")
    await expect(page.locator("[data-banner]")).to_have_count(0)
    await expect(page.get_by_text("Đang ghi hình")).to_have_count(0)
    room.state.put(recording=True)
    await expect(page.get_by_text("Đang ghi hình")).to_be_visible()
    await picture(page, tmp_path, "playing")


async def test_the_screen_says_what_to_do_when_it_is_dark_and_comes_back_by_itself(
    room: Room, on_air: OnAir, page: Page, tmp_path: Path
) -> None:
    room.show(on_air)
    await page.goto(f"{room.server.url}/screen")
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    await on_air.end()
    await expect(page.locator("[data-middle=stalled]")).to_be_visible(timeout=15_000)
    room.state.put(link="down")
    await expect(page.locator("[data-middle=dark]")).to_contain_text("0912 345 678", timeout=20_000)
    await expect(page.locator("[data-banner=link_down]")).to_be_visible()
    await picture(page, tmp_path, "dark")
    room.state.put(link="up")
    before = room.readings[-1].frames_decoded
    on_air.begin()
    await eventually(lambda: room.readings[-1].frames_decoded > before + 15, 40, 0.05)
    await expect(page.locator("[data-middle=dark]")).to_have_count(0)


STUCK_DECODER = """
() => {
  window.made = 0;
  window.stuck = false;
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(peer, told) {
      if (window.made++) return Reflect.construct(peer, told);
      const first = Reflect.construct(peer, [{ ...told[0], encodedInsertableStreams: true }]);
      first.addEventListener("track", ({ receiver, track }) => {
        const { readable, writable } = receiver.createEncodedStreams();
        const pass = (frame, on) => void (window.stuck && track.kind === "video" ? 0 : on.enqueue(frame));
        void readable.pipeThrough(new TransformStream({ transform: pass })).pipeTo(writable);
      });
      return first;
    },
  });
}
"""
"""From a moment on the first connection's decoder is given nothing of what arrives; its sound goes on."""


async def test_a_picture_that_comes_and_is_not_decoded_is_asked_for_anew(room: Room, on_air: OnAir, page: Page) -> None:
    await page.add_init_script(f"({STUCK_DECODER})()")
    room.show(on_air)
    await page.goto(f"{room.server.url}/screen")
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    await page.evaluate("window.stuck = true")
    await expect(page.locator("[data-middle=sound]")).to_be_visible(timeout=20_000)
    before = room.readings[-1].frames_decoded
    await eventually(lambda: room.readings[-1].frames_decoded > before + 15, 40, 0.05)
    await expect(page.locator("[data-middle=sound]")).to_have_count(0)
    assert await page.evaluate("window.made") >= 2


async def test_a_room_that_is_sent_to_the_telephone_reads_the_number_from_afar_and_comes_back_by_itself(
    room: Room, on_air: OnAir, page: Page, tmp_path: Path
) -> None:
    room.show(on_air)
    await page.goto(f"{room.server.url}/screen")
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    lecture = room.state.view.lecture
    assert lecture is not None
    room.state.put(lecture=msgspec.structs.replace(lecture, rung=PHONE, hotline="1900 1234"))
    number = page.locator("[data-middle=phone] .number")
    # The room's own hotline before that of the centre.
    await expect(number).to_have_text("0912 345 678")
    assert await number.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") > 0.1 * SIZE["height"]
    assert await number.evaluate("element => element.scrollWidth <= element.parentElement.clientWidth")
    assert await page.evaluate("document.querySelector('.picture video').srcObject") is None
    await eventually(lambda: (room.readings[-1].rung, room.readings[-1].rung_why) == ("phone", "ordered"), 30, 0.05)
    await expect(page.locator("[data-banner]")).to_have_count(0)
    assert await serious_faults(page) == []
    await picture(page, tmp_path, "phone")
    before = room.readings[-1].frames_decoded
    room.state.put(lecture=lecture)
    await eventually(lambda: room.readings[-1].frames_decoded > before + 15, 40, 0.05)
    await expect(page.locator("[data-middle=phone]")).to_have_count(0)


async def test_notices_and_the_roll_call_are_told_beside_the_picture(
    room: Room, on_air: OnAir, page: Page, tmp_path: Path
) -> None:
    room.show(on_air)
    await page.goto(f"{room.server.url}/screen")
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    said = "Nghỉ giải lao 10 phút, buổi học tiếp tục lúc 09 giờ 30"
    notice = NoticeView("order-a", said, "Break of ten minutes", now_ms() + 60_000)
    room.state.put(notices=(notice,), roll_call=RollCallView(now_ms() + 2_000))
    await expect(page.get_by_text(said)).to_be_visible()
    await expect(page.locator("[data-banner=roll_call]")).to_contain_text("chỉ đếm số người")
    await picture(page, tmp_path, "notice")
    room.state.put(notices=(), roll_call=None)
    await expect(page.locator("[data-banner]")).to_have_count(0)


async def test_an_exam_shows_its_address_to_be_read_and_to_be_scanned(
    room: Room, on_air: OnAir, page: Page, tmp_path: Path
) -> None:
    room.show(on_air)
    await page.goto(f"{room.server.url}/screen")
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    exam = ExamView(
        "Kiểm tra cuối đợt bồi dưỡng thường xuyên", "sign_in", now_ms() + 754_000, "http://192.168.1.20:8766/"
    )
    room.state.put(exam=exam)
    await expect(page.locator(".address")).to_have_text("192.168.1.20:8766")
    await expect(page.locator("[data-exam=before]")).to_contain_text(re.compile(r"Còn 1[12]:\d\d"))
    await page.wait_for_function("document.querySelector('.code').naturalWidth > 0")
    await picture(page, tmp_path, "exam")
    room.state.put(lecture=None)
    await expect(page.locator("[data-middle=waiting]")).to_be_visible()
    await picture(page, tmp_path, "exam-waiting")


async def test_a_room_whose_computer_does_not_know_the_time_sees_no_countdown_to_its_exam(
    room: Room, page: Page, tmp_path: Path
) -> None:
    exam = ExamView(
        "Kiểm tra cuối đợt bồi dưỡng thường xuyên", "sign_in", now_ms() + 754_000, "http://192.168.1.20:8766/"
    )
    room.state.put(exam=exam, clock=ClockView(ClockState.BLIND, None))
    await page.goto(f"{room.server.url}/screen")
    panel = page.locator("aside.exam")
    await expect(panel).to_contain_text("chưa biết giờ đúng: đề mở khi giám thị nhập mã hoặc khi trung tâm báo")
    await expect(panel).not_to_contain_text(re.compile(r"Còn \d"))
    await page.wait_for_function("document.querySelector('.code').naturalWidth > 0")
    await picture(page, tmp_path, "exam-untimed")
    assert await panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight && panel.firstChild.offsetTop >= 0")
    own = page.get_by_text("Giờ của máy này, chưa đối chiếu với trung tâm")
    room.state.put(lecture=None)
    await expect(own).to_be_visible()
    await picture(page, tmp_path, "waiting-untimed")
    room.state.put(clock=ClockView(ClockState.SYNCED, 4.0))
    await expect(own).to_have_count(0)
    await expect(panel).to_contain_text(re.compile(r"Còn 1[12]:\d\d"))
    await expect(panel).not_to_contain_text("chưa biết giờ đúng")


async def test_a_browser_that_blocks_sound_still_shows_the_picture_and_says_so(
    room: Room, on_air: OnAir, mute_page: Page, tmp_path: Path
) -> None:
    room.show(on_air)
    await mute_page.goto(f"{room.server.url}/screen")
    devtools = await mute_page.context.new_cdp_session(mute_page)

    async def banners() -> str:
        """Asked without the user gesture that every other question of the test driver counts as."""
        said = await devtools.send("Runtime.evaluate", {"expression": "document.body.innerText", "userGesture": False})
        return str(said["result"]["value"])

    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    assert "Trình duyệt đang chặn âm thanh" in await banners()
    assert room.readings[-1].audio_dbfs is None
    await eventually(lambda: room.readings[-1].sound_blocked, 30, 0.05)
    await picture(mute_page, tmp_path, "blocked")


async def test_the_desk_takes_the_number_of_people(room: Room, page: Page, tmp_path: Path) -> None:
    await page.goto(f"{room.server.url}/desk")
    await page.locator("#count").fill("38")
    await page.get_by_role("button", name="Gửi số người").click()
    await expect(page.get_by_text("Đã ghi 38 người")).to_be_visible()
    assert room.declared == [38]
    await picture(page, tmp_path, "desk")


LONG_TITLE = (
    "Ứng dụng trí tuệ nhân tạo trong đổi mới phương pháp dạy học và kiểm tra, đánh giá học sinh trung học cơ sở"
)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768), (1920, 1080)])
async def test_the_foot_tells_the_whole_topic_whatever_stands_beside_it(
    room: Room, on_air: OnAir, page: Page, tmp_path: Path, width: int, height: int
) -> None:
    await page.set_viewport_size({"width": width, "height": height})
    room.show(on_air)
    lecture = room.state.view.lecture
    assert lecture is not None
    room.state.put(
        lecture=msgspec.structs.replace(lecture, title=LONG_TITLE, lecturer="PGS.TS. Nguyễn Thị Ánh Tuyết"),
        site=SiteName(SiteId("site-a"), "T001", "Trường Phổ thông Dân tộc bán trú THCS Nguyễn Bỉnh Khiêm"),
        floor=FloorView(lecture.session),
        slides=SlidesView("slides", 17, 48, "/no-picture.png"),
        recording=True,
    )
    await page.goto(f"{room.server.url}/screen")
    await eventually(lambda: bool(room.readings) and room.readings[-1].frames_decoded > 15, 30, 0.05)
    foot = page.locator(".screen footer")
    for part in (LONG_TITLE, "Đang ghi hình", "0912 345 678", "17", "Giơ tay"):
        await expect(foot).to_contain_text(part)
    await picture(page, tmp_path, f"foot-{width}")
    cut = """span => {
      const title = document.createRange();
      title.selectNodeContents(span.firstChild);
      const [drawn, room] = [title.getBoundingClientRect(), span.getBoundingClientRect()];
      return drawn.bottom > room.bottom + 1 || drawn.right > room.right + 1;
    }"""
    assert not await foot.locator(".what > span").evaluate(cut)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stood = await foot.bounding_box()
    assert stood is not None
    assert stood["height"] < height / 6
