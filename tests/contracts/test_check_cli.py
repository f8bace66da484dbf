"""`diemcau-site check` on a computer that is not paired, and the table that it prints."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from site_agent.app import CannotRun
from site_agent.camera.keeper import RoomKeeper
from site_agent.check import check, table
from site_agent.config import Screen
from site_agent.link import identity as identities
from tests.doubles.link_centre import link_centre
from tests.doubles.ready_site import Devices, black, ready_site
from tests.doubles.servers import free_port
from tests.unit.site_agent.camera.test_view import room
from wire.check_advice import ADVICE
from wire.check_words import FOUND, NAMES
from wire.readiness import COMMON_REASONS, REASONS, Check, CheckName, CheckState

SHARED = Path(__file__).parents[2] / "dashboard" / "src" / "shared"
ENTRY = re.compile(r'^  "?([a-z_.]+)"?: \{\s*vi: ("(?:[^"\\]|\\.)*"),\s*en: ("(?:[^"\\]|\\.)*"),?\s*\}', re.MULTILINE)


def of_the_pages(dictionary: str, file: str) -> dict[str, tuple[str, str]]:
    text = (SHARED / file).read_text(encoding="utf-8")
    inside = text.split(f"export const {dictionary} = dictionary({{")[1].split("\n});")[0]
    return {key: (json.loads(vi), json.loads(en)) for key, vi, en in ENTRY.findall(inside)}


def test_the_words_of_the_command_line_are_those_of_the_pages_for_every_check_and_reason() -> None:
    keys = {f"{name}.{reason}" for name, each in REASONS.items() for reason in each} | set(COMMON_REASONS)
    assert set(NAMES) == set(CheckName)
    assert set(FOUND) == set(ADVICE) == keys
    for own, dictionary, file in (
        (NAMES, "checks", "checks.ts"),
        (FOUND, "found", "checks.ts"),
        (ADVICE, "advice", "advice.ts"),
    ):
        theirs = of_the_pages(dictionary, file)
        assert {key: theirs[key] for key in own} == own


def test_a_line_says_what_was_found_and_under_it_what_to_do_in_both_languages() -> None:
    lines = table(
        [
            Check(
                name=CheckName.CLOCK, state=CheckState.BAD, reason="wall_clock_off", figures={"wall_off_ms": 180_000}
            ),
            Check(name=CheckName.DISK, state=CheckState.GOOD, figures={"free_mb": 90_000}),
        ]
    )
    assert lines[0].startswith("✗ Đồng hồ / Clock")
    assert "Đồng hồ máy chạy sai / The computer's clock is wrong · wall_off_ms 180000" in lines[0]
    assert lines[1].startswith("    → Vào Ngày và giờ")
    assert lines[2].startswith("    → In Date and time")
    assert lines[3].startswith("✓ Ổ đĩa / Disk")


def test_a_computer_that_is_not_paired_holds_its_camera_against_the_reference_it_has(tmp_path: Path) -> None:
    devices, home = Devices(tmp_path / "devices"), tmp_path / "site"
    config = devices.config(screen=Screen(free_port(), headless=True))

    def said_of_the_view() -> list[str]:
        said: list[str] = []
        check(config, home, said.append)
        name = " / ".join(NAMES[CheckName.ROOM_IN_VIEW])
        return [line.removeprefix(f"! {name}").removeprefix(f"✗ {name}").strip() for line in said if name in line]

    keeper = RoomKeeper(home)
    keeper.draw([(0.1, 0.3), (0.9, 0.3), (0.9, 0.9)])
    (undrawn,) = said_of_the_view()
    assert undrawn.startswith("Chưa có ảnh chuẩn để so")
    keeper.refer(room(1), 0)
    (turned,) = said_of_the_view()
    assert turned.startswith("Máy ảnh quay đi chỗ khác")


def test_a_computer_that_is_not_paired_sees_what_it_can_see_alone(tmp_path: Path) -> None:
    devices = Devices(tmp_path / "devices")
    devices.show(black)
    said: list[str] = []
    config = devices.config(screen=Screen(free_port(), headless=True))
    assert not check(config, tmp_path / "site", said.append)
    text = "\n".join(said)
    assert "Chưa ghép máy nào" in text
    assert "diemcau-site pair" in text
    assert "Hình đen" in text
    assert "✓ Loa / Loudspeaker" in text


async def test_a_check_at_another_port_than_the_running_agents_says_which_to_give(tmp_path: Path) -> None:
    devices, home, port = Devices(tmp_path / "devices"), tmp_path / "site", free_port()
    async with link_centre(tmp_path) as centre:
        identity = centre.enrol()
        identities.save(home, identity)
        async with ready_site(devices.config(), home, identity):
            config = devices.config(screen=Screen(port, headless=True))
            with pytest.raises(CannotRun, match=f"không trả lời ở cổng {port}: hãy thêm --screen-port"):
                await asyncio.to_thread(check, config, home, lambda _line: None)


def test_a_check_with_a_port_of_its_own_says_that_the_agent_needs_the_same_one(tmp_path: Path) -> None:
    devices, port, configured = Devices(tmp_path / "devices"), free_port(), free_port()
    file = tmp_path / "site.toml"
    file.write_text(
        f'[camera]\nsource = "{devices.camera}"\n[sound]\nfolder = "{devices.sound}"\n'
        f"[screen]\nport = {configured}\nheadless = true\n"
    )

    def said(*options: str) -> str:
        command = [sys.executable, "-m", "site_agent.cli", "--config", str(file), "--home", str(tmp_path / "site")]
        done = subprocess.run([*command, "check", *options], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 1, done.stderr
        return done.stdout

    told = said("--screen-port", str(port))
    assert f"lệnh run dùng cổng {configured}" in told
    assert f"screen.port = {port}" in told
    assert "lệnh run" not in said("--screen-port", str(configured))
