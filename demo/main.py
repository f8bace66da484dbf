"""``diemcau demo``: a training day in miniature, to look at, or with ``--check`` to be judged."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from demo.candidates import TurnedAway
from demo.children import ChildFailed, Children
from demo.day import (
    SHOWN,
    Script,
    call_roll,
    checked_day,
    give_a_minute,
    open_session,
    plan_exam,
    sit,
    slips_of,
    try_sounds,
)
from demo.figures import Figures, judge
from demo.operator import OrderRefused
from demo.stage import Stage, StageBroken, raise_stage
from wire import logs

LIMIT_S = 118.0
"""What ``--check`` takes at most, stopping included."""
STOP_S = 10.0

BROKEN = (StageBroken, ChildFailed, OrderRefused, TurnedAway, TimeoutError, aiohttp.ClientError, OSError)


class Wish(msgspec.Struct, frozen=True):
    """The command line."""

    sites: int
    candidates: int
    port: int
    check: bool
    cache: Path
    config: Path | None


def run(argv: list[str]) -> int:
    """The command; its exit code."""
    wish = _wish(argv)
    logs.configure("warning", sys.stderr)
    try:
        return asyncio.run(_run(wish))
    except KeyboardInterrupt:
        return 1


def _wish(argv: list[str]) -> Wish:
    parser = argparse.ArgumentParser(prog="diemcau demo", description="Một ngày tập huấn thu nhỏ.")
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--candidates", type=int, default=40)
    parser.add_argument("--port", type=int, help="of the centre; 8080, with --check any free one")
    parser.add_argument("--check", action="store_true", help="run the day unattended and print its figures as JSON")
    parser.add_argument("--cache", type=Path, default=Path("var/demo"), help="where the encoded lecture is kept")
    parser.add_argument("--config", type=Path, help="of the centre, e.g. to try a lecture over Janus servers")
    options = parser.parse_args(argv)
    if not 1 <= options.sites <= 64 or not 0 <= options.candidates <= 2000:
        parser.error("--sites 1 to 64, --candidates 0 to 2000")
    port = options.port if options.port is not None else 0 if options.check else 8080
    config = options.config.absolute() if options.config else None
    return Wish(options.sites, options.candidates, port, options.check, options.cache.absolute(), config)


async def _run(wish: Wish) -> int:
    folder = Path(tempfile.mkdtemp(prefix="diemcau-demo-"))
    try:
        return await (_check(wish, folder) if wish.check else _show(wish, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


async def _check(wish: Wish, folder: Path) -> int:
    figures = Figures()
    try:
        async with (
            asyncio.timeout(LIMIT_S - STOP_S),
            aiohttp.ClientSession() as http,
            Children(folder, {}) as children,
        ):
            stage = await _stage(wish, folder, http, children)
            figures = await checked_day(stage, wish.cache, _say)
    except* BROKEN as group:
        for fault in _leaves(group):
            _say(f"{type(fault).__name__}: {str(fault) or f'the day was not over after {LIMIT_S - STOP_S:.0f} s'}")
        figures.failed.append("the_day")
        _keep_logs(folder)
    judge(figures, sites=wish.sites, candidates=wish.candidates)
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    return 0 if figures.held else 1


def _leaves(group: BaseExceptionGroup[Any]) -> list[BaseException]:
    return [
        leaf
        for each in group.exceptions
        for leaf in (_leaves(each) if isinstance(each, BaseExceptionGroup) else [each])
    ]


def _keep_logs(folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-4:]
        print(f"--- {log.name}", *tail, sep="\n", file=sys.stderr)


async def _stage(wish: Wish, folder: Path, http: aiohttp.ClientSession, children: Children) -> Stage:
    return await raise_stage(
        children,
        http,
        folder,
        sites=wish.sites,
        candidates=wish.candidates,
        port=wish.port,
        say=_say,
        config=wish.config,
    )


async def _show(wish: Wish, folder: Path) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    broken: list[BaseException] = []

    async def watched_day() -> None:
        try:
            await _day(wish, folder, http, children)
        except* BROKEN as group:
            broken.extend(_leaves(group))
            stop.set()

    async with aiohttp.ClientSession() as http, Children(folder, {}) as children, asyncio.TaskGroup() as tasks:
        day = tasks.create_task(watched_day())
        await stop.wait()
        day.cancel()
        for fault in broken:
            _say(f"Hỏng: {fault}")
        if broken:
            _keep_logs(folder)
        _say("Dừng lại…")
    return 1 if broken else 0


async def _day(wish: Wish, folder: Path, http: aiohttp.ClientSession, children: Children) -> None:
    """Bring the day up, tell where to look, and let it go on until somebody stops it."""
    stage = await _stage(wish, folder, http, children)
    await try_sounds(stage)
    session = await open_session(stage, wish.cache)
    exam = await plan_exam(stage, SHOWN)
    slips = await slips_of(stage, exam["id"])
    visitor, scripted = slips[-1:], slips[:-1]
    _tell(stage, session["id"], exam, [(slip.desk_url, slip.number, slip.pin, slip.voucher) for slip in visitor])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sit(scripted, Script(), SHOWN))
        tasks.create_task(give_a_minute(stage, exam))
        while True:
            await call_roll(stage, session["id"], frames=4, span_ms=3000)
            await asyncio.sleep(180)
            children.check()


def _tell(stage: Stage, session: str, exam: dict[str, Any], visitor: list[tuple[str, str, str, str]]) -> None:
    at = time.strftime("%H:%M:%S", time.localtime(exam["starts_ms"] / 1000))
    first = stage.schools[0]
    here = first.screen_url.removesuffix("/screen")
    lines = [
        "",
        f"  Bức tường / the wall        {stage.url}/wall",
        f"  Sẵn sàng / readiness        {stage.url}/readiness",
        f"  Bàn điều hành / console     {stage.url}/console",
        f"  Giảng viên / lecturer       {stage.url}/lecturer/{session}",
        f"  Bảng thi / exam board       {stage.url}/board/{exam['id']}",
        f"  Kết quả / results           {stage.url}/results/{exam['id']}",
        f"  Tra kết quả / portal        {stage.url}/portal/{exam['id']}",
        f"  Màn hình lớn / big screen   {first.screen_url}   ({first.site.name})",
        f"  Bàn điểm cầu / site desk    {here}/desk",
        f"  Giám thị / invigilation     {here}/invigilate/   (đặt PIN ở lần mở đầu; điện thoại quét mã QR ở đó)",
        "",
        *(
            f"  {name:<10} {password}{'' if name == 'admin' else '   (dùng một lần)'}"
            for name, password in stage.accounts.items()
        ),
        "",
        *(
            f"  Mời bạn dự thi lúc {at}: "
            + (f"{desk}   số báo danh {number}   PIN {pin}" if pin else f"{desk}#v={voucher}   (số báo danh {number})")
            for desk, number, pin, voucher in visitor
        ),
        "",
        "  Ctrl-C để dừng.",
        "",
    ]
    print("\n".join(lines), flush=True)
