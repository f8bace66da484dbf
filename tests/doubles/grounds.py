"""A page as everybody sees it: wide and on a telephone, in both languages and grounds; and what axe finds there."""

from __future__ import annotations

from playwright.async_api import Page, ViewportSize

from tests.doubles.axe import serious_faults
from tests.doubles.browsers import picture

WIDE = ViewportSize(width=1920, height=1080)
PHONE = ViewportSize(width=390, height=844)
GROUNDS = {"Nền tối": "Nền sáng", "Nền sáng": "Nền tối"}
"""What the switch says, and what it says once it was pressed."""


async def look(page: Page, name: str) -> list[str]:
    """What axe finds; a picture for whoever wants to look."""
    await picture(page, f"accessible-{name}")
    return [f"{name}: {fault}" for fault in await serious_faults(page)]


async def in_both_grounds(page: Page, name: str) -> list[str]:
    """In both sizes and languages; then on the other ground, where only colours differ. The page is left as it was
    found, but for its size."""
    faults: list[str] = []
    for size in (WIDE, PHONE):
        await page.set_viewport_size(size)
        for language in ("English", "Tiếng Việt"):
            here = f"{name}-{size['width']}-{'vi' if language == 'English' else 'en'}"
            faults += await look(page, here)
            if sideways := await page.evaluate("document.documentElement.scrollWidth - innerWidth"):
                faults.append(f"{here}: scrolls sideways by {sideways} px")
            if not await _other_language(page, language):
                break
        faults += await _on_the_other_ground(page, f"{name}-{size['width']}")
    return faults


async def _on_the_other_ground(page: Page, name: str) -> list[str]:
    for switch, back in GROUNDS.items():
        button = page.get_by_role("button", name=switch, exact=True).first
        if not await button.is_visible():
            continue
        await button.click()
        await picture(page, f"accessible-{name}-other")
        faults = await serious_faults(page, ("color-contrast",))
        await page.get_by_role("button", name=back, exact=True).first.click()
        return [f"{name}, other ground: {fault}" for fault in faults]
    return []


async def _other_language(page: Page, name: str) -> bool:
    """Press the page's switch to the other language, if it has one in sight."""
    switch = page.get_by_role("button", name=name, exact=True).first
    if not await switch.is_visible():
        return False
    await switch.click()
    return True
