"""`diemcau attendance verify`: every signature, chain, picture and erasure in the centre's database, as a table."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.attendance.verify.service import SiteLine, Verification, Verifying
from orchestrator.clock import CentreClock
from orchestrator.config import Config, load
from orchestrator.storage.engine import Database
from orchestrator.storage.lock import DatabaseTaken
from wire.ids import SessionId
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2

WORDS = {
    "signature": "chữ ký sai / signature wrong",
    "other_site": "của nơi khác hoặc lần khác / sworn for another site or roll call",
    "content": "số đã lưu khác số đã ký / numbers differ from the signed ones",
    "picture": "ảnh khác ảnh đã ký / picture differs from the signed one",
    "picture_missing": "mất ảnh, không có biên bản xóa / picture gone, no erasure",
    "erasure": "biên bản xóa không khớp / erasure does not fit",
    "erased_early": "xóa trước hạn / erased before its time",
    "gap": "thiếu bằng chứng liền trước / evidence before it is missing",
    "fork": "hai bằng chứng cùng một bản trước / two with one predecessor",
}


def run(argv: Sequence[str]) -> int:
    """Verify; 0 all holds, 1 something does not, 2 wrong usage or configuration."""
    parser = argparse.ArgumentParser(
        prog="diemcau attendance verify",
        description="Kiểm tra chữ ký, chuỗi bằng chứng, ảnh và biên bản xóa. / Check what roll calls left behind.",
    )
    parser.add_argument("--session", metavar="ID", help="one session only; chains are followed through all")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--config", metavar="FILE", help="the centre's TOML file")
    try:
        options = parser.parse_args(argv)
        config = load(options.config, os.environ)
    except SystemExit as leaving:
        return DONE if leaving.code in {None, 0} else WRONG_USAGE
    except Misconfigured as fault:
        return _complain("\n".join(fault.faults), WRONG_USAGE)
    try:
        found = asyncio.run(_verify(config, SessionId(options.session) if options.session else None))
    except DatabaseTaken as taken:
        return _complain(f"{taken}; trung tâm đang chạy: kiểm tra ở trang Điểm danh / use the console", FAILED)
    if options.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in table(found))
    return DONE if found.held else FAILED


async def _verify(config: Config, session: SessionId | None) -> Verification:
    database = await Database.open(config.database_url())
    try:
        return await Verifying(database, Audit(CentreClock())).verify(session)
    finally:
        await database.close()


def table(found: Verification) -> Iterator[str]:
    """For a person: a line per site, what is wrong below it, the sum at the end."""
    yield f"{'':3}{'mã / code':<12}{'lần đếm':>8}{'đã ký':>8}{'ảnh':>6}{'đã xóa':>8}{'máy':>5}  điểm cầu / site"
    for line in found.sites:
        yield from _site(line)
    yield (
        f"{len(found.sites)} điểm cầu / sites, {found.counts} lần đếm / counts, {found.signed} chữ ký đúng / signed, "
        f"{found.pictures} ảnh / pictures, {found.erased} đã xóa / erased, {found.faults} lỗi / faults"
    )
    broken = found.audit_broken_at
    trail = "nguyên vẹn / whole" if broken is None else f"đứt ở dòng / broken at row {broken}"
    yield f"nhật ký / audit trail: {found.audit_rows} dòng / rows, {trail}"
    yield "ĐÚNG / HELD" if found.held else "KHÔNG ĐÚNG / DOES NOT HOLD"


def _site(line: SiteLine) -> Iterator[str]:
    told = line.verdict
    mark = "✗" if told.faults else "✓"
    numbers = f"{told.counts:>8}{told.signed:>8}{told.pictures:>6}{told.erased:>8}{told.computers:>5}"
    yield f"{mark:3}{line.code:<12}{numbers}  {line.name}"
    for (call, trouble), times in Counter((fault.roll_call, fault.trouble) for fault in told.faults).items():
        yield f"{'':6}{call}: {WORDS[trouble]}{f' ×{times}' if times > 1 else ''}"


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"diemcau: {text}\n")
    return code
