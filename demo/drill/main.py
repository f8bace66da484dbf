"""``diemcau drill``: a rehearsal under load, with virtual sites and candidates that speak the real protocols."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import msgspec

from demo.children import ChildFailed, Children
from demo.drill.figures import DrillFigures, judge
from demo.drill.rehearsal import Rehearsal, Wish
from demo.operator import Operator, OrderRefused
from demo.stage import StageBroken, start_centre
from wire import logs

REAL_PACE_S = 7200 / 50
"""One answer in 144 s: 50 questions in 120 minutes."""
BROKEN = (StageBroken, ChildFailed, OrderRefused, TimeoutError, aiohttp.ClientError, OSError)


def run(argv: list[str]) -> int:
    """The command; its exit code."""
    options = _options(argv)
    logs.configure("warning", sys.stderr)
    if options.folder:
        Path(options.folder).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="diemcau-drill-", dir=options.folder))
    figures = None
    try:
        figures = asyncio.run(_run(options, folder))
    except* BROKEN as group:
        for fault in group.exceptions:
            _say(f"{type(fault).__name__}: {fault}")
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if figures is None:
        return 1
    judge(figures)
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    return 0 if figures.held else 1


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="diemcau drill", description="Diễn tập dưới tải. / A rehearsal under load.")
    parser.add_argument("--sites", type=int, default=100, help="virtual sites; 1 with --central")
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--speed", type=float, default=10.0, help="so many times as fast as 50 answers in 120 minutes")
    parser.add_argument("--seconds", type=int, default=120, help="length of the window")
    parser.add_argument("--central", action="store_true", help="everybody at one central desk")
    parser.add_argument("--server", help="a centre that is up and holds nothing else; without it one is started")
    parser.add_argument("--username", default="admin", help="at --server; the password is in DIEMCAU_DRILL_PASSWORD")
    parser.add_argument("--agent-processes", type=int, default=8)
    parser.add_argument("--crowd-processes", type=int, default=2)
    parser.add_argument("--folder", help="where everything is kept; a temporary one without it")
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    options = parser.parse_args(argv)
    options.sites = 1 if options.central else options.sites
    if not (1 <= options.sites <= 2000 and 1 <= options.candidates <= 50_000 and options.speed > 0):
        parser.error("--sites 1 to 2000, --candidates 1 to 50000, --speed above 0")
    if options.seconds < 20:
        parser.error("--seconds 20 or more")
    if options.server and not os.environ.get("DIEMCAU_DRILL_PASSWORD"):
        parser.error("--server needs the password in DIEMCAU_DRILL_PASSWORD")
    return options


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


async def _run(options: argparse.Namespace, folder: Path) -> DrillFigures:
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        centre_pid, database = None, None
        if options.server:
            admin = Operator(http, options.server)
            await admin.sign_in(options.username, os.environ["DIEMCAU_DRILL_PASSWORD"])
            url = options.server
        else:
            _say("Khởi động trung tâm…")
            quiet = {"DIEMCAU_LOG__LEVEL": "info"}
            centre, url = await start_centre(children, folder, 0, quiet)
            admin = Operator(http, url)
            await first_sign_in(admin, folder)
            centre_pid, database = centre.pid, folder / "centre" / "diemcau.sqlite3"
        wish = Wish(
            sites=options.sites,
            candidates=options.candidates,
            central=options.central,
            speed=options.speed,
            pace_s=REAL_PACE_S / options.speed,
            window_s=options.seconds,
            agent_processes=min(options.agent_processes, options.sites),
            crowd_processes=options.crowd_processes,
        )
        return await Rehearsal(wish, children, admin, url, folder, centre_pid, database, _say).hold()


async def first_sign_in(admin: Operator, folder: Path) -> None:
    """As the first administrator of a centre that has just been started in ``folder``."""
    told = await asyncio.to_thread((folder / "centre" / "first-password.txt").read_text, "utf-8")
    username, one_time = told.split()
    await admin.sign_in(username, one_time)
    await admin.change_password(one_time, secrets.token_urlsafe(9))
