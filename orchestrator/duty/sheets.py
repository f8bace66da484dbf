"""What the printed list of a hand-over shows, and the same as a workbook. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from orchestrator.courses.tables import Column, Table
from orchestrator.duty.handover import Line, Sheet
from orchestrator.duty.model import Outcome

TEMPLATE = Path(__file__).parent / "templates" / "handover.typ"
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

OUTCOME_WORDS = {
    Outcome.FIXED: "Đã khắc phục",
    Outcome.NO_ANSWER: "Không nghe máy",
    Outcome.WORKING: "Đang xử lý",
    Outcome.TECHNICIAN: "Cần kỹ thuật viên",
    Outcome.POWER: "Chờ điện",
    Outcome.LINE: "Chờ nhà mạng",
    Outcome.WRONG_NUMBER: "Sai số điện thoại",
    Outcome.OTHER: "Việc khác",
}


def printed(sheet: Sheet) -> dict[str, Any]:
    """The list for the template."""
    return {
        "title": f"Bàn giao ca trực · {sheet.giver}",
        "printed": _full(sheet.at_ms),
        "giver": sheet.giver,
        "taker": sheet.taker,
        "since": _full(sheet.since_ms),
        "at": _full(sheet.at_ms),
        "note": sheet.note,
        "held": [[each.code, each.name, _contact(each), each.who, _clock(each.at_ms)] for each in sheet.held],
        "mine": [_open(each, _contact(each)) for each in sheet.mine],
        "others": [_open(each, each.who) for each in sheet.others],
        "done": [_done(each) for each in sheet.done],
    }


_OPEN = (
    Column("Mã", 10), Column("Điểm cầu", 36), Column("Liên hệ", 24), Column("Điện thoại", 16), Column("Người giữ", 24),
    Column("Kết quả gần nhất", 20), Column("Lúc", 18), Column("Xem lại", 18), Column("Lần gọi", 9),
    Column("Ghi chú", 50),
)  # fmt: skip
_DONE = (
    Column("Lúc", 18), Column("Mã", 10), Column("Điểm cầu", 36), Column("Người gọi", 24), Column("Kết quả", 20),
    Column("Xem lại", 18), Column("Ghi chú", 50),
)  # fmt: skip


def tables(sheet: Sheet) -> list[Table]:
    """The list as a workbook: what is open, what was done."""
    still = [_row(each) for each in (*sheet.held, *sheet.mine, *sheet.others)]
    done = [
        (_full(each.at_ms), each.code, each.name, each.who, _word(each), _when(each.again_ms), each.note)
        for each in sheet.done
    ]
    return [Table("Việc còn mở", _OPEN, still), Table("Trong ca", _DONE, done)]


def _row(line: Line) -> Sequence[str | int]:
    word = _word(line) if line.outcome else "Đang gọi"
    return (
        line.code, line.name, line.contact, line.phone, line.who, word, _full(line.at_ms), _when(line.again_ms),
        line.calls, line.note,
    )  # fmt: skip


def _open(line: Line, whom: str) -> list[str]:
    again = "" if line.again_ms is None else _clock(line.again_ms)
    return [line.code, line.name, whom, _word(line), _clock(line.at_ms), again, str(line.calls), line.note]


def _done(line: Line) -> list[str]:
    again = "" if line.again_ms is None else _clock(line.again_ms)
    return [_clock(line.at_ms), line.code, line.name, line.who, _word(line), again, line.note]


def _word(line: Line) -> str:
    return OUTCOME_WORDS[Outcome(line.outcome)] if line.outcome else "Ghi chú"


def _contact(line: Line) -> str:
    return " · ".join(each for each in (line.contact, line.phone) if each)


def _when(at_ms: int | None) -> str:
    return "" if at_ms is None else _full(at_ms)


def _clock(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZONE).strftime("%H:%M")


def _full(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZONE).strftime("%H:%M %d/%m/%Y")
