"""The sources card in a real browser: a key for an encoder, seen once; a camera; and Chromium sees them play."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
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
    await page.get_by_label("Tên đăng nhập").fill("admin")
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
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
        assert key not in await page.content()


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
