"""Somebody who may only look, at the wall."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

from demo.operator import Operator
from tests.doubles.browsers import page_of, sign_in
from tests.doubles.grounds import WIDE


@asynccontextmanager
async def wall_of_a_guest(browser: Browser, admin: Operator, url: str) -> AsyncIterator[Page]:
    """The wall in a wide page of its own; ``admin`` makes the account."""
    guest = await admin.post("/api/v1/people", {"username": "khach", "name": "Khách", "role": "viewer"})
    async with page_of(browser, WIDE) as page:
        await page.goto(f"{url}/wall")
        await sign_in(page, "khach", guest["password"])
        yield page
