import sys

import pytest

from site_agent.lecture.browser import launch


async def test_a_program_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError):
        await launch(["/nowhere/no-browser"])


async def test_a_browser_that_ends_by_itself_tells_its_code() -> None:
    browser = await launch([sys.executable, "-c", "raise SystemExit(7)"])
    assert await browser.ended() == 7
    await browser.stop()


async def test_a_browser_is_asked_to_end() -> None:
    asked_hard: list[int] = []
    browser = await launch([sys.executable, "-c", "import time; time.sleep(60)"], asked_hard.append)
    await browser.stop()
    assert await browser.ended() != 0
    assert asked_hard == []
