"""A rehearsal on paper and as a sheet, in Vietnamese: who opened when, what is missing where. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from orchestrator.courses.tables import Cell, Column, Table
from orchestrator.readiness.board import Room
from orchestrator.readiness.model import SECOND, Grade, Judgement, Verdict
from orchestrator.readiness.rehearsal import Kind, Rehearsal, SiteOutcome, Step
from wire.check_words import found
from wire.ids import SiteId

TEMPLATE = Path(__file__).parent / "templates" / "rehearsal.typ"
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
STEPS = {
    Step.AWAY: "Vắng",
    Step.SENT: "Đã gửi",
    Step.TOLD: "Đã nhận",
    Step.LOOKED: "Đã kiểm tra",
    Step.SILENT: "Không báo về",
    Step.MISSED: "Lỡ giờ mở",
    Step.OPENED: "Đã mở",
}
VERDICTS = {
    Verdict.GO: "Sẵn sàng",
    Verdict.CARE: "Thận trọng",
    Verdict.NO_GO: "Chưa được",
    Verdict.UNKNOWN: "Chưa rõ",
}
KINDS = {Kind.DRILL: "Tổng duyệt", Kind.PRACTICE: "Luyện tập trước giờ"}
NO_WORD = "Chưa có giấy kiểm tra"

Rooms = Mapping[SiteId, Room]


def verdict_of(outcome: SiteOutcome) -> Verdict:
    """What the rehearsal says of a site: a simulated start that was missed is never go."""
    if outcome.judgement is None:
        return Verdict.UNKNOWN
    if outcome.step in (Step.MISSED, Step.SILENT) and outcome.judgement.verdict is Verdict.GO:
        return Verdict.CARE
    return outcome.judgement.verdict


def lacking(judgement: Judgement | None) -> str:
    """What is missing, in a line."""
    if judgement is None:
        return NO_WORD
    told = [
        found(each.check, each.reason) + (" (được miễn)" if each.grade is Grade.WAIVED else "")
        for each in judgement.findings
    ]
    return "; ".join(told)


def rehearsal_sheet(rehearsal: Rehearsal, outcomes: Sequence[SiteOutcome], rooms: Rooms, now_ns: int) -> dict[str, Any]:
    """Values for the printed summary."""
    ordered = _ordered(outcomes, rooms)
    steps = [each.step for each in ordered]
    middles = [middle for each in ordered if (middle := _middle(each)) is not None]
    at = datetime.fromtimestamp(now_ns / SECOND, ZONE)
    return {
        "kind": KINDS[rehearsal.kind],
        "title": rehearsal.title,
        "t0": _at(rehearsal.t0_ns),
        "printed": at.strftime("%H:%M %d/%m/%Y"),
        "sites": len(ordered),
        "told": sum(each.steps.seen_ns is not None for each in ordered),
        "looked": sum(each.steps.looked_ns is not None for each in ordered),
        "opened": steps.count(Step.OPENED),
        "missed": steps.count(Step.MISSED) + steps.count(Step.SILENT),
        "middle": _ms(statistics.median(middles)) if middles else "–",
        "spread": _ms(max(middles) - min(middles)) if middles else "–",
        "verdicts": [
            [word, sum(verdict_of(each) is verdict for each in ordered)] for verdict, word in VERDICTS.items()
        ],
        "districts": _districts(ordered, rooms),
        "lacks": [_lack(each, rooms) for each in ordered if verdict_of(each) is not Verdict.GO],
    }


def _count(outcomes: Sequence[SiteOutcome], verdict: Verdict) -> int:
    return sum(verdict_of(each) is verdict for each in outcomes)


def _districts(outcomes: Sequence[SiteOutcome], rooms: Rooms) -> list[list[str | int]]:
    names = sorted({rooms[each.steps.site].district for each in outcomes})
    rows: list[list[str | int]] = []
    for name in names:
        mine = [each for each in outcomes if rooms[each.steps.site].district == name]
        opened = sum(each.step is Step.OPENED for each in mine)
        rows.append([name, len(mine), opened, *(_count(mine, verdict) for verdict in VERDICTS)])
    return rows


def _lack(outcome: SiteOutcome, rooms: Rooms) -> list[str]:
    room = rooms[outcome.steps.site]
    said = lacking(outcome.judgement) or STEPS[outcome.step]
    call = f"{room.contact} {room.phone}".strip()
    return [room.code, room.name, VERDICTS[verdict_of(outcome)], said, call]


def rehearsal_tables(rehearsal: Rehearsal, outcomes: Sequence[SiteOutcome], rooms: Rooms) -> list[Table]:
    """One row a site."""
    columns = (
        Column("Mã", 10), Column("Điểm cầu", 40), Column("Huyện", 24), Column("Bước", 14), Column("Nhận lệnh", 18),
        Column("Kiểm tra", 18), Column("Mở sớm nhất (ms)", 16), Column("Mở muộn nhất (ms)", 16),
        Column("Kết luận", 14), Column("Thiếu gì", 70), Column("Người phụ trách", 24), Column("Điện thoại", 16),
    )  # fmt: skip
    rows = [_row(each, rooms[each.steps.site]) for each in _ordered(outcomes, rooms)]
    return [Table(KINDS[rehearsal.kind], columns, rows)]


def _row(outcome: SiteOutcome, room: Room) -> list[Cell]:
    steps = outcome.steps
    return [
        room.code, room.name, room.district, STEPS[outcome.step], _at(steps.seen_ns), _at(steps.looked_ns),
        _whole(steps.lo_ms), _whole(steps.hi_ms), VERDICTS[verdict_of(outcome)], lacking(outcome.judgement),
        room.contact, room.phone,
    ]  # fmt: skip


def _ordered(outcomes: Sequence[SiteOutcome], rooms: Rooms) -> list[SiteOutcome]:
    """Sites that still exist, by code."""
    here = [each for each in outcomes if each.steps.site in rooms]
    return sorted(here, key=lambda each: rooms[each.steps.site].code)


def _middle(outcome: SiteOutcome) -> float | None:
    """The middle of the interval in which a site opened, ms from T0."""
    lo_ms, hi_ms = outcome.steps.lo_ms, outcome.steps.hi_ms
    return None if lo_ms is None or hi_ms is None else (lo_ms + hi_ms) / 2


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _ms(value: float) -> str:
    return f"{value:.0f} ms".replace("-", "−")


def _at(at_ns: int | None) -> str:
    return "" if at_ns is None else datetime.fromtimestamp(at_ns / SECOND, ZONE).strftime("%H:%M:%S %d/%m/%Y")
