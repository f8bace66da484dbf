"""``diemcau-site check``: what an IT teacher should know of this computer before the day, as a table."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import msgspec

from site_agent.camera.detector import NoModel, load_detector
from site_agent.camera.owner import CameraOwner, NoPicture
from site_agent.camera.sources import NO_CAMERA, parse_source
from site_agent.config import Config
from site_agent.link import identity as identities
from site_agent.link.identity import NotPaired
from site_agent.local_server import pages_folder
from site_agent.platform import choose

DISK_MB = 2000
REACH_S = 5.0
CAMERA_S = 8.0


class Finding(msgspec.Struct, frozen=True):
    """One line of the table."""

    what: str
    good: bool
    words: str


async def findings(config: Config, home: Path) -> list[Finding]:
    """Look at everything; nothing raises and nothing waits longer than a few seconds."""
    here = choose(sys.platform)
    browsers, sounds = here.browsers(), here.sound_outputs()
    free_mb = shutil.disk_usage(next(p for p in (home, *home.parents) if p.exists())).free >> 20
    return [
        await _centre(home),
        await _camera(config),
        _model(),
        Finding("Loa / sound", sounds > 0, f"{sounds} thiết bị / devices"),
        Finding("Trình duyệt / browser", bool(browsers), browsers[0] if browsers else "cần Chrome, Edge hoặc Chromium"),
        Finding("Trang / pages", (pages_folder() / "screen.html").is_file(), str(pages_folder())),
        Finding("Đĩa trống / free disk", free_mb >= DISK_MB, f"{free_mb} MB"),
        Finding("SQLite", good=True, words=sqlite3.sqlite_version),
        Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0]),
    ]


async def _centre(home: Path) -> Finding:
    what = "Trung tâm / centre"
    try:
        identity = identities.load(home)
    except NotPaired:
        return Finding(what, good=False, words="chưa ghép / not paired")
    address = urlsplit(identity.server).netloc
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(REACH_S)) as http,
            http.get(f"{identity.server.rstrip('/')}/healthz") as reply,
        ):
            return Finding(what, reply.status == 200, f"{identity.site_code} · {address} · {reply.status}")
    except (aiohttp.ClientError, TimeoutError) as error:
        return Finding(what, good=False, words=f"{address}: {type(error).__name__}")


async def _camera(config: Config) -> Finding:
    if config.camera.source == NO_CAMERA:
        return Finding("Camera", good=True, words="không dùng / not used")
    source = parse_source(config.camera.source)
    async with CameraOwner(source) as camera:
        try:
            picture = await camera.frame(CAMERA_S)
        except NoPicture as error:
            return Finding("Camera", good=False, words=str(error))
    height, width = picture.frame.shape[:2]
    return Finding("Camera", good=True, words=f"{source.name} · {width}x{height}")


def _model() -> Finding:
    try:
        load_detector()
    except NoModel as error:
        return Finding("Đếm người / counting", good=False, words=str(error))
    return Finding("Đếm người / counting", good=True, words="YuNet")


def check(config: Config, home: Path) -> list[Finding]:
    """The table, for the command line."""
    return asyncio.run(findings(config, home))
