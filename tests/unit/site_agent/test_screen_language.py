"""In which language the big screen speaks, and that a choice outlives the program."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from site_agent.config import load
from site_agent.screen_language import FILE, ScreenLanguage
from site_agent.state import SiteName, SiteState, SiteView
from wire.ids import SiteId
from wire.settings import Misconfigured


def site() -> SiteState:
    return SiteState(SiteView(site=SiteName(SiteId("site-a"), "T001", "Kim Đồng")))


@asynccontextmanager
async def served(language: ScreenLanguage) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_routes(language.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/local/language"
    await runner.cleanup()


def test_the_screen_speaks_vietnamese_unless_configured_otherwise(tmp_path: Path) -> None:
    state = site()
    ScreenLanguage(tmp_path, state, load(None, {}).screen.language)
    assert state.view.language == "vi"
    ScreenLanguage(tmp_path, state, load(None, {"DIEMCAU_SCREEN__LANGUAGE": "en"}).screen.language)
    assert state.view.language == "en"


def test_a_language_that_no_page_speaks_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(Misconfigured) as refused:
        load(None, {"DIEMCAU_SCREEN__LANGUAGE": "fr"})
    assert len(refused.value.faults) == 1
    assert refused.value.faults[0].startswith("screen.language: ")


async def test_what_the_desk_chooses_outlives_the_program_and_the_configuration(tmp_path: Path) -> None:
    state = site()
    await ScreenLanguage(tmp_path, state, "vi").choose("en")
    assert state.view.language == "en"
    again = site()
    ScreenLanguage(tmp_path, again, "vi")
    assert again.view.language == "en"


async def test_a_choice_that_cannot_be_kept_changes_nothing_and_is_told(tmp_path: Path) -> None:
    state = site()
    language = ScreenLanguage(tmp_path / "gone", state, "vi")
    async with served(language) as url, aiohttp.ClientSession() as http, http.post(url, json={"language": "en"}) as no:
        assert (no.status, (await no.json())["code"]) == (503, "not_kept")
    assert state.view.language == "vi"


def test_a_file_that_cannot_be_read_leaves_the_configured_language(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"language": "fr"}')
    state = site()
    ScreenLanguage(tmp_path, state, "en")
    assert state.view.language == "en"


async def test_the_desk_s_request_is_taken_and_nonsense_refused(tmp_path: Path) -> None:
    state = site()
    async with served(ScreenLanguage(tmp_path, state, "vi")) as url, aiohttp.ClientSession() as http:
        for body, status in (({"language": "fr"}, 400), ({}, 400), ({"language": "en"}, 200)):
            async with http.post(url, json=body) as reply:
                assert reply.status == status
    assert state.view.language == "en"
