"""A page as everybody sees it: wide and on a telephone, in both languages and grounds; and what axe finds there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, ViewportSize, expect

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import picture

WIDE = ViewportSize(width=1920, height=1080)
PHONE = ViewportSize(width=390, height=844)
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
GROUNDS = {"light": "sáng", "dark": "tối"}
ONE_GROUND = frozenset({"screen", "screen-slides", "desk", "guide", "phone"})
"""Pages that truly have one ground: the big screen, where nobody presses anything, and those that are read in a lit
room, in passing."""
TURNED_MS = 20_000

Speak = Callable[[str], Awaitable[None]]
"""Turns a page without a switch of its own to a language, `vi` or `en`."""


async def look(page: Page, name: str) -> list[str]:
    """What axe finds; a picture for whoever wants to look."""
    await picture(page, f"accessible-{name}")
    return [f"{name}: {fault}" for fault in await serious_faults(page)]


async def in_both_grounds(page: Page, name: str, speak: Speak | None = None) -> list[str]:
    """In both sizes and languages; then on the other ground, where only colours differ. The page is left as it was
    found, but for its size. A switch that is out of sight is a fault; only the big screen is told by ``speak``."""
    faults: list[str] = []
    for size in (WIDE, PHONE):
        await page.set_viewport_size(size)
        sized = f"{name}-{size['width']}"
        for language, other in (("vi", "en"), ("en", "vi")):
            here = f"{sized}-{language}"
            faults += await look(page, here)
            if sideways := await page.evaluate("document.documentElement.scrollWidth - innerWidth"):
                faults.append(f"{here}: scrolls sideways by {sideways} px")
            if speak is not None:
                await speak(other)
            elif not await _press(page, LANGUAGES[other]):
                faults.append(f"{here}: no switch to {LANGUAGES[other]} in sight")
                break
            await expect(page.locator("html")).to_have_attribute("lang", other, timeout=TURNED_MS)
        faults += await _on_the_other_ground(page, name, sized)
    return faults


async def _on_the_other_ground(page: Page, name: str, sized: str) -> list[str]:
    here = await page.evaluate("document.documentElement.dataset.theme")
    other = "light" if here == "dark" else "dark"
    turned = await _press(page, _ground(other), panel=GROUNDS[other].title())
    if turned == (name in ONE_GROUND):
        return [f"{sized}: {'a switch of grounds that is not expected' if turned else 'no switch of grounds in sight'}"]
    if not turned:
        return []
    await expect(page.locator("html")).to_have_attribute("data-theme", other)
    await picture(page, f"accessible-{sized}-other")
    faults = await serious_faults(page, ("color-contrast",))
    await _press(page, _ground(here), panel=GROUNDS[here].title())
    await expect(page.locator("html")).to_have_attribute("data-theme", here)
    return [f"{sized}, other ground: {fault}" for fault in faults]


def _ground(ground: str) -> str:
    return f"Nền {GROUNDS[ground]}"


async def _press(page: Page, name: str, panel: str = "") -> bool:
    """Press a switch if it is in sight; the exam page keeps its own in a panel, where it may be named otherwise."""
    opener = page.locator(".tools-button")
    if not await opener.count():
        return await _click(page, name)
    await opener.click()
    await page.locator(".tools").wait_for()
    seen = await _click(page, panel or name)
    await opener.click()
    return seen


async def _click(page: Page, name: str) -> bool:
    button = page.get_by_role("button", name=name, exact=True).first
    if not await button.is_visible():
        return False
    await button.click()
    return True
