"""The page that officers use when the centre is gone: from a file, in a real browser without any network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Page, async_playwright

from orchestrator.exams.model import Action, Exam
from tests.doubles.exam_conductor import Centre, conducting
from tests.doubles.exam_release import PEOPLE, Release
from wire.paper import Manifest
from wire.seal import check_release_text, release_digest, release_text


@asynccontextmanager
async def offline(file: Path) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = await browser.new_context(offline=True, viewport={"width": 900, "height": 1000})
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("request", lambda request: faults.append(request.url) if request.url != file.as_uri() else None)
        await page.goto(file.as_uri())
        yield page
        assert faults == []
        await browser.close()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def sealed(centre: Centre, release: Release, folder: Path) -> tuple[Exam, Path]:
    exam = await centre.planned(
        release="officers", officers=PEOPLE, questions=5, reserve=True, title="Thi </script> & co"
    )
    exam = await centre.ordered(exam, Action.SEAL)
    file = folder / "offline.html"
    file.write_text(await release.officers.offline_page(exam.id), encoding="utf-8")
    return exam, file


async def typed(page: Page, one: str, two: str) -> str:
    await page.fill("#one", one)
    await page.fill("#two", two)
    await page.click("button[type=submit]")
    return "-".join(await page.locator("#code li").all_text_contents()) if await page.is_visible("#result") else ""


async def test_any_two_shares_give_the_code_that_the_manifest_names(centre: Centre, tmp_path: Path) -> None:
    release = Release(centre)
    exam, file = await sealed(centre, release, tmp_path)
    manifest = msgspec.msgpack.decode(exam.manifest or b"", type=Manifest)
    wanted = {"release": manifest.release_sha256, "reserve": manifest.reserve_sha256}
    async with offline(file) as page:
        assert await page.inner_text("#title") == "Ghép hai mã để mở đề"
        assert "Thi </script> & co" in await page.inner_text("#exam")
        for kind, digest in wanted.items():
            for one, two in ((1, 2), (3, 1), (2, 3)):
                code = await typed(page, release.text(kind, one), release.text(kind, two).lower().replace("-", " "))
                assert release_digest(check_release_text(code)) == digest
            assert ("DỰ BỊ" in await page.inner_text("#what")) is (kind == "reserve")
        await page.click("#language")
        assert await page.inner_text("#what") == "CODE OF THE RESERVE PAPER"
        await page.screenshot(path=str(tmp_path / "offline.png"), full_page=True)


async def test_what_cannot_be_right_is_said_and_no_code_is_shown(centre: Centre, tmp_path: Path) -> None:
    release = Release(centre)
    _, file = await sealed(centre, release, tmp_path)
    good = release.text("release", 1)
    async with offline(file) as page:
        for other, said in (
            (release.text("reserve", 2), "#fault"),
            (good, "#fault"),
            (good[:-1] + ("0" if good[-1] != "0" else "1"), "#said-two"),
            (good[:-2], "#said-two"),
            (release_text(b"\0" + b"k" * 16), "#said-two"),
        ):
            assert await typed(page, good, other) == ""
            assert await page.inner_text(said)
