"""Lectures from encoders, cameras and films, in a real Chromium: ``python -m tests.bench.sources_play``.

A whole centre; one after another an encoder by RTMP (Debian's ffmpeg), a camera by RTSP (GStreamer's server, behind a
password), encoders by SRT (ffmpeg, one that is called and one that pushes with key and passphrase), films of the
centre's folder and films sent from a page are the lecture, and Chromium watches by WHEP. Told for each: what comes
in, whether it passed untouched or why it was converted, pictures decoded in Chromium a second, the longest time without
a new one and whether sound was heard, and the processor time of the source's process while it was watched. Exit code 1
if one was not heard, did not have half its pictures, stood still for a second, or if what fits was converted.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec
from playwright.async_api import Browser

from tests.bench.goals import judged
from tests.doubles.browsers import chromium
from tests.doubles.films import BASELINE, HIGH, film, sending
from tests.doubles.rtsp_camera import camera
from tests.doubles.servers import free_port
from tests.doubles.source_day import SourceDay, source_day
from tests.doubles.tus import begin_upload
from tests.doubles.watch_page import figures, until_decoded, watching

SIZE = "1280x720"
PIECE = 1 << 20
FPS, LEAST_SHARE, GAP_S = 25, 0.5, 1.0
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-tag:v", "hvc1")


class Row(msgspec.Struct, frozen=True):
    """One line of the table."""

    source: str
    comes: str
    becomes: str
    fits: bool
    seconds: float
    decoded: int
    fps: float
    heard: bool
    freezes: int
    gap: float
    """The longest time without a new picture, in seconds."""
    cpu: float


class Case(msgspec.Struct, frozen=True):
    """A source and who sends to it. ``begin`` starts the sender, given the key's address."""

    name: str
    wish: dict[str, Any]
    fits: bool
    begin: Callable[[str], AbstractContextManager[Any]] = contextlib.nullcontext
    sent: Path | None = None
    """A film that is sent from a page first."""


async def measure(day: SourceDay, browser: Browser, case: Case, seconds: float) -> Row:
    """Begin the source, watch it in Chromium, take it away."""
    made = await begun(day, case)
    with case.begin(await address_of(day, made)):
        if not made["key"]:
            await day.order(made["id"], "start")
        ticket = await day.admin.get(f"/api/v1/sessions/{day.session['id']}/view")
        async with watching(browser, day.url, ticket["whep_url"], ticket["token"]) as page:
            await day.until_told(made["id"], lambda told: told["published"] and told["pictures"] > 75)
            await until_decoded(page, (await figures(page))["decoded"] + 10)
            before, told_before = await figures(page), await day.told(made["id"])
            await asyncio.sleep(seconds)
            after, told = await figures(page), await day.told(made["id"])
        decoded = after["decoded"] - before["decoded"]
        becomes = "passes untouched" if told["passes"] else f"converted: {told['converted']}"
        row = Row(
            case.name,
            f"{told['picture']} + {told['sound']}",
            becomes,
            case.fits == told["passes"],
            seconds,
            decoded,
            decoded / seconds,
            after["energy"] > before["energy"],
            after["freezes"] - before["freezes"],
            after["gap"],
            100 * (told["cpu_s"] - told_before["cpu_s"]) / seconds,
        )
    await day.admin.delete(f"{day.path}/{made['id']}")
    return row


async def begun(day: SourceDay, case: Case) -> dict[str, Any]:
    """The source, not yet started."""
    if case.sent is None:
        return await day.add(**case.wish)
    content = await asyncio.to_thread(case.sent.read_bytes)
    upload = await begin_upload(day.admin, f"{day.path.rpartition('/')[0]}/clips", case.sent.name, len(content))
    began = time.monotonic()
    for offset in range(0, len(content), PIECE):
        await upload.piece(offset, content[offset : offset + PIECE])
    there = time.monotonic()
    clip = await day.settled(upload.id)
    print(
        f"{case.name:<22} {len(content) / (1 << 20):.0f} MB sent in {there - began:.1f} s, looked at in "
        f"{time.monotonic() - there:.1f} s: {clip['length_s']:.0f} s, {clip['picture']}, {clip['sound']}",
        flush=True,
    )
    return {"id": await day.source_of(upload.id), "key": ""}


async def address_of(day: SourceDay, made: dict[str, Any]) -> str:
    """Where an encoder sends, with its key; empty for what is no encoder's."""
    if not made["key"]:
        return ""
    if made["way"] == "srt_in":
        return f"{await day.srt_url()}?streamid={made['key']}&passphrase={made['secret']}"
    return f"{await day.rtmp_url()}/{made['key']}"


def cases(films: Path, camera_at: str) -> list[Case]:
    """What is tried."""
    film(films / "baseline.mp4", *BASELINE, seconds=40, size=SIZE)
    film(films / "high.mp4", *HIGH, seconds=40, size=SIZE)
    film(films / "hevc.mp4", *HEVC, seconds=40, size="640x360")
    port = free_port()
    srt = f"srt://127.0.0.1:{port}"
    return [
        Case("RTMP, baseline", {"way": "rtmp"}, True, lambda to: sending(to, *BASELINE, size=SIZE)),
        Case("RTMP, OBS's defaults", {"way": "rtmp"}, False, lambda to: sending(to, *HIGH, size=SIZE)),
        Case("RTSP camera", {"way": "rtsp", "address": f"rtsp://thay:matkhau@{camera_at}"}, True),
        Case(
            "SRT, baseline",
            {"way": "srt", "address": f"{srt}?passphrase=matkhau-dai-12"},
            True,
            lambda _: sending(f"{srt}?mode=listener&passphrase=matkhau-dai-12", *BASELINE, size=SIZE, form="mpegts"),
        ),
        Case(
            "SRT pushed",
            {"way": "srt_in", "encrypt": True},
            True,
            lambda to: sending(to, *BASELINE, size=SIZE, form="mpegts"),
        ),
        Case("film sent, baseline", {}, True, sent=films / "baseline.mp4"),
        Case("film sent, high", {}, False, sent=films / "high.mp4"),
        Case("film, baseline", {"way": "file", "file": "baseline.mp4"}, True),
        Case("film, high", {"way": "file", "file": "high.mp4"}, False),
        Case("film, H.265", {"way": "file", "file": "hevc.mp4"}, False),
    ]


async def tell(seconds: float, folder: Path) -> int:
    """Measure each and print."""
    live = film(folder / "camera.mp4", *BASELINE, seconds=120, size=SIZE)
    rows = []
    with camera(live) as camera_at:
        async with source_day(folder) as day, chromium() as browser:
            for case in cases(folder / "centre" / "films", camera_at):
                row = await measure(day, browser, case, seconds)
                rows.append(row)
                print(line(row), flush=True)
    return judged(goals(rows))


def goals(rows: Sequence[Row]) -> dict[str, bool]:
    """What must hold of each; nothing was reached where nothing was measured."""

    def all_are(true: Callable[[Row], bool]) -> bool:
        return bool(rows) and all(true(row) for row in rows)

    return {
        f"every source plays at least {LEAST_SHARE:.0%} of its {FPS} pictures a second": all_are(
            lambda row: row.fps >= LEAST_SHARE * FPS
        ),
        f"none was {GAP_S:.0f} s without a new picture": all_are(lambda row: row.gap < GAP_S),
        "every source was heard": all_are(lambda row: row.heard),
        "what fits passed untouched and nothing else": all_are(lambda row: row.fits),
    }


def line(row: Row) -> str:
    """For the table."""
    sound = "heard" if row.heard else "SILENT"
    return (
        f"{row.source:<22} {row.comes:<58} {row.becomes:<22} "
        f"{row.decoded:>4} decoded ({row.fps:4.1f}/s) {sound}, {row.freezes} freezes, "
        f"longest without a picture {row.gap:.1f} s, source {row.cpu:3.0f} % of a core"
    )


def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sources_play")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each is watched")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="diemcau-sources-") as folder:
        return asyncio.run(tell(options.seconds, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
