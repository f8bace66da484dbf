"""A real browser for a test, with a camera and a microphone that the browser makes up itself."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--allow-loopback-in-peer-connection",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
)
MADE_UP_CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
KIOSK = ("--headless=new", "--disable-gpu", *FLAGS)
"""For a browser that the agent starts itself."""
SIZE = ViewportSize(width=1280, height=720)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium, with a camera of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *MADE_UP_CAMERA])
        yield browser
        await browser.close()


@asynccontextmanager
async def page_of(browser: Browser, size: ViewportSize = SIZE) -> AsyncIterator[Page]:
    """A page that shares its sign-in with no other."""
    context = await browser.new_context(viewport=size, locale="vi-VN")
    yield await context.new_page()
    await context.close()


SIGNED_MS = 40_000
"""A password takes a second of a processor to be checked, which a busy computer has not at once."""


async def log_in(page: Page, username: str, password: str) -> None:
    """Sign in on any page that asks for it."""
    await page.get_by_label("Tên đăng nhập").fill(username)
    await page.get_by_label("Mật khẩu", exact=True).fill(password)
    await page.get_by_role("button", name="Đăng nhập").click()


async def sign_in(page: Page, username: str, one_time: str) -> None:
    """The first sign-in of a person who opened any page: the one-time password, then an own one."""
    await log_in(page, username, one_time)
    await expect(page.get_by_text("mật khẩu dùng một lần")).to_be_visible(timeout=SIGNED_MS)
    own = "một câu ngắn dễ nhớ"
    await page.get_by_label("Mật khẩu mới").first.fill(own)
    await page.get_by_label("Nhập lại mật khẩu mới").fill(own)
    await page.get_by_role("button", name="Đổi mật khẩu").click()
    await page.wait_for_url(lambda url: "/login" not in url)


async def picture(page: Page, name: str) -> None:
    """Kept for whoever wants to look, in the folder that DIEMCAU_TEST_PICTURES names."""
    folder = os.environ.get("DIEMCAU_TEST_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def drawn(page: Page) -> None:
    """Until the page has drawn what it knows: two frames."""
    await page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
