"""The numbers of a roll call and the presence of a session as sheets, in the words of the offices. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from orchestrator.attendance.model import Kind, SiteCount
from orchestrator.attendance.numbers.model import (
    RoomNumbers,
    RoomState,
    SiteFacts,
    Source,
    Sums,
    by_district,
    is_late,
    sums,
)
from orchestrator.attendance.numbers.presence import SitePresence
from orchestrator.attendance.numbers.service import RollNumbers, SessionPresence
from orchestrator.courses.tables import Cell, Column, Table

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
MINUTE_NS = 60 * 10**9

STATE_WORDS = {
    RoomState.WAITING: "đang chờ",
    RoomState.SILENT: "không trả lời",
    RoomState.AGREED: "khớp",
    RoomState.ASKED: "lệch, đã hỏi điểm cầu",
    RoomState.EXPLAINED: "lệch, đã giải thích",
    RoomState.CORRECTED: "đã sửa",
}
SOURCE_WORDS = {
    Source.ROSTER: "đánh dấu tại trung tâm",
    Source.LIST: "danh sách của phòng",
    Source.EXAM: "vào phòng thi",
}
KIND_WORDS = {
    Kind.ORDER: "theo lệnh",
    Kind.START: "đầu buổi",
    Kind.AFTER_BREAK: "sau giải lao",
    Kind.RANDOM: "ngẫu nhiên",
}
_ROOMS = (
    Column("Mã điểm cầu"), Column("Điểm cầu", 40), Column("Địa bàn", 24), Column("Dự kiến", 10),
    Column("Camera đếm", 12), Column("Từng hình, ít nhất", 16), Column("Từng hình, nhiều nhất", 18),
    Column("Chất lượng (%)", 14), Column("Chỗ không cử động", 16), Column("Tỉ lệ đếm tay", 12),
    Column("Khoảng, theo đếm tay", 18), Column("Khai báo", 10), Column("Người ký", 24), Column("Ký tên, điểm danh", 16),
    Column("Ký tên theo", 24), Column("Lệch", 8),
    Column("Trạng thái", 22), Column("Số chốt", 10), Column("Giải thích của điểm cầu", 40),
    Column("Số trước khi sửa", 14), Column("Lý do sửa", 40), Column("Người sửa", 16), Column("Đếm lúc", 20),
    Column("Đếm muộn", 10), Column("Ghi chú camera", 20),
)  # fmt: skip
_SUMS = (
    Column("Địa bàn", 30), Column("Điểm cầu", 10), Column("Đã trả lời", 12), Column("Còn lệch", 10),
    Column("Dự kiến", 10), Column("Camera đếm", 12), Column("Khai báo", 10), Column("Ký tên, điểm danh", 16),
    Column("Số chốt", 10),
)  # fmt: skip
_DISTRICTS = (
    Column("Địa bàn", 30), Column("Điểm cầu", 10), Column("Có số", 10), Column("Dự kiến của các nơi có số", 22),
    Column("Hiện diện trung bình", 18), Column("Tỉ lệ (%)", 12), Column("Thời gian có số (%)", 18),
)  # fmt: skip
_PRESENCE = (
    Column("Mã điểm cầu"), Column("Điểm cầu", 40), Column("Địa bàn", 24), Column("Dự kiến", 10),
    Column("Hiện diện trung bình", 18), Column("Tỉ lệ (%)", 12), Column("Số lần có số", 12),
    Column("Thời gian có số (%)", 18), Column("Khoảng không rõ", 60),
)  # fmt: skip


def rooms_table(roll: RollNumbers) -> Table:
    """A line per room, the largest difference first."""
    rows = [_room(roll, room) for room in sorted(roll.rooms, key=lambda room: (-room.difference, room.facts.code))]
    return Table("Điểm cầu", _ROOMS, rows)


def _room(roll: RollNumbers, room: RoomNumbers) -> list[Cell]:
    said = room.said
    last = room.corrections[-1] if room.corrections else None
    count, facts = room.count, room.facts
    return [
        facts.code,
        facts.name,
        facts.district,
        facts.expected,
        *_camera(count),
        said.number if said else None,
        said.signed_by if said else None,
        room.signed_in.number if room.signed_in else None,
        SOURCE_WORDS[room.signed_in.source] if room.signed_in else None,
        room.difference,
        STATE_WORDS[room.state],
        room.number,
        said.word if said else None,
        room.corrections[0].before if last else None,
        last.why if last else None,
        last.who if last else None,
        moment((count.lo_ns + count.hi_ns) // 2) if count else None,
        ("muộn" if is_late(roll.call, count) else None) if count else None,
        (count.reason or (None if count.verified else "không khớp chữ ký, không tính")) if count else None,
    ]


def _camera(count: SiteCount | None) -> list[Cell]:
    """What the camera counted and what stands beside it; all empty where it could not count."""
    if count is None or count.count is None:
        return [None] * 7
    notes, quality = count.notes, round(100 * count.quality)
    return [count.count, count.minimum, count.maximum, quality, notes.still, notes.hand_ratio, count.about]


def sums_table(rooms: Sequence[RoomNumbers]) -> Table:
    """A line per district, and all."""
    lines = [*by_district(rooms), sums("Tất cả", rooms)]
    return Table("Địa bàn", _SUMS, [_sum(each) for each in lines])


def _sum(one: Sums) -> list[Cell]:
    return [
        one.name, one.sites, one.answered, one.open, one.expected, one.camera, one.declared, one.signed_in, one.number,
    ]  # fmt: skip


def presence_table(told: SessionPresence) -> Table:
    """A line per site with the gaps in words."""
    rows: list[list[Cell]] = []
    for facts, found, points in sorted(told.sites.values(), key=lambda each: each[0].code):
        share = 100 * found.mean / facts.expected if found.mean is not None and facts.expected else None
        gaps = "; ".join(f"{_clock(lo)}–{_clock(hi)}" for lo, hi in found.gaps)
        mean = None if found.mean is None else round(found.mean, 1)
        rows.append(
            [facts.code, facts.name, facts.district, facts.expected, mean, share, points, 100 * found.coverage, gaps]
        )
    return Table("Hiện diện", _PRESENCE, rows)


def presence_sums_table(told: SessionPresence) -> Table:
    """A line per district: the sum of the means of its sites that have one, and how much of their time is known."""
    groups: dict[str, list[tuple[SiteFacts, SitePresence, int]]] = {}
    for each in told.sites.values():
        groups.setdefault(each[0].district, []).append(each)
    return Table("Hiện diện địa bàn", _DISTRICTS, [_district(name, some) for name, some in sorted(groups.items())])


def _district(name: str, some: Sequence[tuple[SiteFacts, SitePresence, int]]) -> list[Cell]:
    known = [(facts.expected, found.mean) for facts, found, _ in some if found.mean is not None]
    expected, mean = sum(each for each, _ in known), sum(each for _, each in known)
    coverage = sum(found.coverage for _, found, _ in some) / len(some)
    share = 100 * mean / expected if expected else None
    return [name, len(some), len(known), expected, round(mean, 1), share, 100 * coverage]


def moment(at_ns: int) -> str:
    """ "21/11/2026 08:05:09" in Vietnam."""
    return datetime.fromtimestamp(at_ns / 1e9, ZONE).strftime("%d/%m/%Y %H:%M:%S")


def _clock(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns / 1e9, ZONE).strftime("%H:%M")
