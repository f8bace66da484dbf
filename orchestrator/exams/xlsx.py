"""The results as a workbook that Excel and LibreOffice open, with Vietnamese headings."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from orchestrator.exams.marks import CandidateState
from orchestrator.exams.results import CandidateResult, Group, Results

BAND_WORDS = {
    "xuat_sac": "Xuất sắc",
    "gioi": "Giỏi",
    "kha": "Khá",
    "trung_binh": "Trung bình",
    "yeu": "Yếu",
    "kem": "Kém",
}
STATE_WORDS = {
    CandidateState.ABSENT: "Vắng",
    CandidateState.NOT_OPENED: "Không mở đề",
    CandidateState.NO_ANSWER: "Không trả lời",
    CandidateState.WRITING: "Chưa kết thúc",
    CandidateState.CLOSED: "Hết giờ",
    CandidateState.HANDED_IN: "Đã nộp",
    CandidateState.CONFLICT: "Cần xem xét",
}
LEVEL_WORDS = {"mam_non": "Mầm non", "tieu_hoc": "Tiểu học", "thcs": "THCS", "thpt_gdtx": "THPT-GDTX"}
_FIGURES = (
    "Đăng ký", "Có mặt", "Nộp bài", "Đã nhận", "Điểm trung bình", "Trung vị", "Độ lệch chuẩn", "Tứ phân vị 1",
    "Tứ phân vị 3",
)  # fmt: skip

Cell = str | int | float | None


def workbook(results: Results) -> bytes:
    """The file's bytes: summary, places, levels, sites, candidates."""
    book = Workbook(write_only=True)
    _sheet(book, "Tổng hợp", ("Mục", "Giá trị"), _summary(results), (34, 30))
    groups = ("Mã", "Tên", *_FIGURES, *BAND_WORDS.values())
    for title, rows in (
        ("Theo địa bàn", results.places),
        ("Theo cấp học", [_worded(level) for level in results.levels]),
        ("Theo điểm cầu", results.sites),
    ):
        _sheet(book, title, groups, (_group(row) for row in rows), (28, 34))
    headings = (
        "Số báo danh", "Họ và tên", "Điểm cầu", "Mã đề", "Số câu đúng", "Điểm", "Xếp loại", "Trạng thái",
        "Trả lời muộn", "Mã biên nhận",
    )  # fmt: skip
    _sheet(book, "Danh sách", headings, (_candidate(row) for row in results.candidates), (14, 30, 12, 8, 12, 8, 14, 16))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _summary(results: Results) -> list[tuple[Cell, ...]]:
    standing = "Tạm thời" if results.provisional else "Đầy đủ"
    overall = _group(results.overall)
    return [
        ("Kỳ thi", results.title),
        ("Tình trạng kết quả", standing),
        ("Đã nhận / đăng ký", f"{results.received}/{results.expected}"),
        ("Số câu tính điểm", results.maximum),
        *zip((*_FIGURES, *BAND_WORDS.values()), overall[2:], strict=True),
    ]


def _group(row: Group) -> tuple[Cell, ...]:
    figures = (row.registered, row.present, row.submitted, row.received, row.mean, row.median, row.sd, row.q1, row.q3)
    return (row.key, row.name, *figures, *(row.bands[word] for word in BAND_WORDS))


def _worded(level: Group) -> Group:
    return Group(**{name: getattr(level, name) for name in Group.__struct_fields__ if name != "name"},
                 name=LEVEL_WORDS.get(level.key, level.key))  # fmt: skip


def _candidate(row: CandidateResult) -> tuple[Cell, ...]:
    worded = BAND_WORDS[row.band] if row.band else None
    return (
        row.number, row.name, row.site, row.code, row.correct, row.mark, worded, STATE_WORDS[row.state], row.late,
        row.receipt,
    )  # fmt: skip


def _sheet(
    book: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]
) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.append([_heading(sheet, heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _heading(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell | Cell:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value="".join(sign for sign in value if sign >= " "))
    # A name that begins with "=" is text, never a formula.
    cell.data_type = "s"
    return cell
