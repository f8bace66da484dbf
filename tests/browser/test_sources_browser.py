"""The sources card in a real browser: a key for an encoder, seen once; a camera; and Chromium sees them play."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, log_in, page_of, picture
from tests.doubles.films import BASELINE, film, sending
from tests.doubles.rtsp_camera import camera
from tests.doubles.source_day import PASSWORD, SourceDay, source_day
from tests.doubles.watch_page import figures, until_decoded, watching

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]
LONG_MS = 60_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SourceDay]:
    async with source_day(tmp_path_factory.mktemp("sources")) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as one:
        yield one


async def at_session(day: SourceDay, page: Page) -> None:
    """The administrator at the session's page of the console."""
    await page.goto(f"{day.url}/console#sessions")
    await log_in(page, "admin", PASSWORD)
    await page.get_by_role("button", name="Đổi mới kiểm tra").click()


async def test_a_key_made_on_the_page_lets_an_encoder_in_and_the_page_says_how_it_comes(
    day: SourceDay, browser: Browser
) -> None:
    async with page_of(browser, ViewportSize(width=1920, height=1080)) as page:
        await at_session(day, page)
        await page.get_by_role("button", name="Thêm nguồn hình").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("Tên để nhận ra").fill("OBS của thầy Bình")
        await picture(page, "sources-adding")
        await form.get_by_role("button", name="Thêm nguồn hình").click()
        shown = page.get_by_role("dialog")
        key = await shown.get_by_label("Khoá luồng").first.input_value()
        await picture(page, "sources-key")
        await shown.get_by_role("button", name="Đóng").click()
        source = page.get_by_role("article", name="OBS của thầy Bình")
        await expect(source).to_contain_text("Chờ OBS kết nối")
        with sending(f"{await day.rtmp_url()}/{key}"):
            await expect(source).to_contain_text("Đang phát", timeout=LONG_MS)
            await expect(source).to_contain_text("Hình đi thẳng, không chuyển mã.")
            await expect(source).to_contain_text("H.264 Constrained Baseline 320x180")
            assert await serious_faults(page) == []
            await picture(page, "sources-running")
            await page.set_viewport_size(ViewportSize(width=390, height=844))
            await source.scroll_into_view_if_needed()
            await picture(page, "sources-phone")
            assert await serious_faults(page) == []
            await page.goto(f"{day.url}/wall")
            for width, height in ((390, 844), (1920, 1080)):
                await page.set_viewport_size(ViewportSize(width=width, height=height))
                await expect(page.get_by_text("OBS của thầy Bình (RTMP)")).to_be_visible(timeout=LONG_MS)
                await picture(page, f"wall-source-{width}")
        await expect(page.get_by_text("OBS của thầy Bình: KHÔNG GỬI HÌNH")).to_be_visible(timeout=LONG_MS)
        await picture(page, "wall-source-lost")
        assert key not in await page.content()


async def test_an_srt_encoder_is_told_its_lines(day: SourceDay, browser: Browser) -> None:
    async with page_of(browser, ViewportSize(width=1920, height=1080)) as page:
        await at_session(day, page)
        await page.get_by_role("button", name="Thêm nguồn hình").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("Loại nguồn").select_option("srt_in")
        await expect(form.get_by_label("Mã hoá đường truyền")).to_be_checked()
        await form.get_by_role("button", name="Thêm nguồn hình").click()
        shown = page.get_by_role("dialog", name="Nhập vào máy mã hoá")
        key = await shown.get_by_label("Stream ID").first.input_value()
        secret = await shown.get_by_label("Passphrase").first.input_value()
        line = await shown.get_by_label("Hoặc cả địa chỉ trong một dòng").first.input_value()
        assert line.endswith(f"?mode=caller&streamid={key}&passphrase={secret}")
        await picture(page, "sources-srt-key")
        await page.set_viewport_size(ViewportSize(width=390, height=844))
        assert await serious_faults(page) == []
        await picture(page, "sources-srt-key-phone")


async def test_a_lecturer_sends_a_film_over_a_line_that_breaks_and_plays_it_to_the_rooms(
    day: SourceDay, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    topic = film(tmp_path_factory.mktemp("film") / "Chuyên đề 1.mp4", brightness=90, seconds=40, size="320x180")
    made = await day.admin.post(f"/api/v1/sessions/{day.session['id']}/links", {"kind": "lecturer"})
    async with page_of(browser, ViewportSize(width=1920, height=1080)) as page:
        await page.goto(made["address"])
        await page.get_by_text("Nguồn hình khác").click()
        await page.route("**/clips/*", lambda route: route.abort())
        await page.locator(".sources input[type=file]").set_input_files(topic)
        await expect(page.get_by_text("Mất mạng. Có mạng lại thì phim tự gửi tiếp.")).to_be_visible(timeout=LONG_MS)
        await expect(page.get_by_role("button", name="Thôi, không gửi nữa")).to_be_visible()
        assert await serious_faults(page) == []
        await picture(page, "film-line-down")
        await page.unroute("**/clips/*")
        await page.evaluate("dispatchEvent(new Event('online'))")
        source = page.get_by_role("article", name="Chuyên đề 1", exact=True)
        await expect(source).to_contain_text("0:40", timeout=LONG_MS)
        await expect(source).to_contain_text("Hình đi thẳng, không chuyển mã.")
        await picture(page, "film-ready")
        await source.get_by_role("button", name="Phát", exact=True).click()
        await expect(source).to_contain_text("Đang phát", timeout=LONG_MS)
        await expect(source.get_by_text("còn 0:3")).to_be_visible(timeout=LONG_MS)
        ticket = await day.admin.get(f"/api/v1/sessions/{day.session['id']}/view")
        async with watching(browser, day.url, ticket["whep_url"], ticket["token"]) as room:
            await until_decoded(room, 25)
        await picture(page, "film-playing")
        await page.set_viewport_size(ViewportSize(width=390, height=844))
        await source.scroll_into_view_if_needed()
        await picture(page, "film-phone")
        assert await serious_faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        await source.get_by_role("button", name="Xoá").click()
        await page.get_by_role("dialog").get_by_role("button", name="Xoá", exact=True).click()
        await expect(source).to_be_hidden()


async def test_a_camera_behind_a_password_plays_in_chromium(
    day: SourceDay, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    live = film(tmp_path_factory.mktemp("camera") / "camera.mp4", *BASELINE, brightness=90, seconds=60)
    with camera(live) as address:
        wrong = await day.add(way="rtsp", name="Sai mật khẩu", address=f"rtsp://thay:sai@{address}")
        await day.order(wrong["id"], "start")
        await day.until_told(wrong["id"], lambda told: bool(told["why"] == "refused"))
        await day.admin.delete(f"{day.path}/{wrong['id']}")
        made = await day.add(way="rtsp", name="Camera hội trường", address=f"rtsp://thay:matkhau@{address}")
        await day.order(made["id"], "start")
        told = await day.until_told(made["id"], lambda told: bool(told["published"] and told["pictures"] > 25))
        assert told["passes"]
        ticket = await day.admin.get(f"/api/v1/sessions/{day.session['id']}/view")
        async with watching(browser, day.url, ticket["whep_url"], ticket["token"]) as page:
            await until_decoded(page, 40)
            assert (await figures(page))["codec"] == "video/H264"
    await day.admin.delete(f"{day.path}/{made['id']}")
