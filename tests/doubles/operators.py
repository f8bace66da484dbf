"""Three operators of a running centre, each before a wall of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from playwright.async_api import Browser, Page, ViewportSize

from demo.operator import Operator
from tests.doubles.browsers import page_of, sign_in

NAMES = {"lan": "Nguyễn Thị Lan", "minh": "Vi Văn Minh", "hoa": "Lương Thị Hoa"}
WIDE = ViewportSize(width=1920, height=1080)

CLICK_AT = """async ({ atMs, within, name }) => {
  const button = [...document.querySelectorAll(`${within} button`)].find(one => one.innerText.includes(name));
  await new Promise(go => setTimeout(go, atMs - Date.now()));
  button.click();
}"""
"""Clicks a button when the computer's clock says ``atMs``, so that several pages do at the same instant."""


async def three_operators(stack: AsyncExitStack, browser: Browser, admin: Operator, url: str) -> dict[str, Page]:
    """Their walls by username, open until the stack ends."""
    return {who: await stack.enter_async_context(operator(browser, admin, url, who)) for who in NAMES}


@asynccontextmanager
async def operator(browser: Browser, admin: Operator, url: str, who: str) -> AsyncIterator[Page]:
    """The wall of a new operator."""
    person = await admin.post("/api/v1/people", {"username": who, "name": NAMES[who], "role": "operator"})
    async with page_of(browser, WIDE) as page:
        await page.goto(f"{url}/wall")
        await sign_in(page, who, person["password"])
        yield page
