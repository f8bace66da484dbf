"""The computer's own test picture, decoded by a screen as a lecture is."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from site_agent.config import Screen
from site_agent.lecture.trial import SESSION, without_trial
from tests.doubles.link_centre import link_centre
from tests.doubles.ready_site import Devices, Told, ready_site
from tests.doubles.servers import free_port
from wire.ids import ScreenState
from wire.messages import ScreenHealth
from wire.readiness import CheckName, CheckState


async def test_the_screen_counts_the_frames_of_a_test_picture_and_is_good_while_nothing_is_on_air(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with link_centre(tmp_path) as centre:
        Told(centre)
        config = Devices(tmp_path / "devices").config(screen=Screen(port, headless=True))
        async with ready_site(config, tmp_path / "site", centre.enrol()) as ready, aiohttp.ClientSession() as http:
            await ready.readiness.look([CheckName.SCREEN])
            check = ready.readiness.said(CheckName.SCREEN)
            assert check is not None
            assert (check.state, check.reason, check.note) == (CheckState.GOOD, "", "trial")
            assert check.figures["frames"] >= 30
            assert check.figures["fps"] >= 8
            url = f"http://127.0.0.1:{port}"
            headers = {"Origin": url, "Content-Type": "application/sdp", "Authorization": "Bearer guessed"}
            async with http.post(f"{url}/local/trial", data="v=0", headers=headers) as reply:
                assert reply.status == 403
            async with http.get(f"{url}/local/state") as reply:
                assert (await reply.json())["lecture"] is None


def test_the_centre_is_not_told_of_a_trial() -> None:
    trial = ScreenHealth(state=ScreenState.PLAYING, fps=15.0, session=SESSION)
    assert without_trial(trial) == ScreenHealth()
    real = ScreenHealth(state=ScreenState.PLAYING, fps=25.0)
    assert without_trial(real) is real
