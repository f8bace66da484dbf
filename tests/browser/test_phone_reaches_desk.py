"""A telephone reaches the exam desk by the guide's code, and a Wi-Fi that keeps its devices apart is named.

The agent is whole; guide and telephone are browsers in networks of their own; the code is read off its picture.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.async_api import Error, Page, expect

from site_agent.config import Camera, Desk, Screen
from tests.doubles.axe import serious_faults
from tests.doubles.browsers import chromium, page_of, picture
from tests.doubles.exam_room import candidate_browser
from tests.doubles.link_centre import link_centre
from tests.doubles.printed import codes_of_picture
from tests.doubles.ready_site import Devices, ready_site
from tests.doubles.school_network import school_network, standing_in
from tests.doubles.servers import free_port
from wire.health import NO_CAMERA

LOOKED_MS = 40_000


class Ahead:
    """A steady clock that may be set ahead."""

    def __init__(self) -> None:
        self.by_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.by_s


async def read_code(page: Page) -> str:
    """What a telephone's camera reads on the guide."""
    code = page.get_by_role("img", name="Mã QR để thử bằng điện thoại")
    await expect(code).to_be_visible(timeout=LOOKED_MS)
    (held,) = codes_of_picture(await code.screenshot())
    return held


@pytest.mark.timeout(120)
async def test_a_phone_that_is_kept_apart_is_named_and_one_that_comes_turns_it_green(tmp_path: Path) -> None:
    clock = Ahead()
    with school_network() as network, standing_in(network.agent):
        network.route_out()
        network.keep_apart()
        desk, local = Desk(network.agent_ip, free_port()), free_port()
        config = Devices(tmp_path / "devices", pictures=1).config(
            desk=desk, screen=Screen(local, headless=True), camera=Camera(NO_CAMERA)
        )
        async with (
            link_centre(tmp_path) as centre,
            ready_site(config, tmp_path / "site", centre.enrol(), clock),
            chromium() as browser,
            page_of(browser) as guide,
            candidate_browser(network, tmp_path) as phones,
        ):
            await guide.goto(f"http://127.0.0.1:{local}/guide")
            await guide.get_by_role("navigation").get_by_role("button", name="Điện thoại", exact=True).click()
            address = await read_code(guide)
            assert address.startswith(f"http://{network.agent_ip}:{desk.port}/phone#")
            phone = await phones.new_page()
            with pytest.raises(Error, match="ERR_ADDRESS_UNREACHABLE"):
                await phone.goto(address)
            finding = guide.locator(".finding", has_text="Điện thoại vào bàn thi")
            await expect(finding).to_contain_text("Chưa thử bằng điện thoại")
            clock.by_s = 100.0
            await guide.get_by_role("button", name="Kiểm tra lại").click()
            await expect(finding).to_contain_text("Điện thoại không vào được bàn thi", timeout=LOOKED_MS)
            await expect(finding).to_contain_text("Tắt «cách ly thiết bị»")
            faults = await serious_faults(guide)
            await picture(guide, "phone-1-kept-apart")

            network.let_meet()
            await phone.goto(await read_code(guide))
            await expect(phone.get_by_role("heading", name="Điện thoại đã vào được bàn thi.")).to_be_visible()
            await expect(guide.locator(".finding.good", has_text="Điện thoại vào bàn thi")).to_be_visible(
                timeout=LOOKED_MS
            )
            await expect(guide.get_by_role("img", name="Mã QR để thử bằng điện thoại")).to_have_count(0)
            await picture(guide, "phone-2-arrived")
            await picture(phone, "phone-3-page")
            await phone.reload()
            await expect(phone.get_by_role("heading")).to_contain_text("Mã này đã dùng hoặc đã cũ")
            assert "\n".join(faults) == ""
