"""The spreadsheet templates that offices fill in; their headings are the importer's own."""

import csv
import io
from collections.abc import Sequence

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from orchestrator.sites.importing import PARTICIPANT_COLUMNS, SITE_COLUMNS, Column

SITES_SHEET, PARTICIPANTS_SHEET, GUIDE_SHEET = "Điểm cầu", "Học viên", "Hướng dẫn"
_GUIDE = (
    ("Trang “Điểm cầu”: mỗi dòng một điểm cầu. Mã điểm cầu là duy nhất; nhập lại cùng mã là cập nhật.",),
    ("Trang “Học viên”: mỗi dòng một người; danh sách mới thay danh sách cũ của các điểm cầu có tên trong trang.",),
    ("Cấp học: Mầm non, Tiểu học, THCS, THPT, GDTX (trường liên cấp tính theo cấp cao nhất, ví dụ TH&THCS).",),
    ("Cộng giờ thi (phút): chỉ cho người được thêm giờ khi thi, ví dụ người khuyết tật; để trống là không cộng.",),
    ("Quận/Huyện và Xã/Phường có thể để trống. Số học viên để trống thì lấy theo danh sách.",),
    ("Có lỗi ở bất kỳ dòng nào thì không dòng nào được ghi.",),
    (),
    ("Ví dụ – Điểm cầu",),
    tuple(column.heading for column in SITE_COLUMNS),
    (
        "TH-001",
        "Trường Tiểu học Hoa Sen",
        "Tiểu học",
        "Tỉnh Mẫu",
        "Huyện Mẫu",
        "Xã Mẫu",
        42,
        "Trần Thị An",
        "0912345678",
        "VNPT",
    ),
    (),
    ("Ví dụ – Học viên",),
    tuple(column.heading for column in PARTICIPANT_COLUMNS),
    ("HV00001", "Nguyễn Văn Bình", "TH-001", 15),
)


def template_csv(columns: Sequence[Column]) -> bytes:
    """The heading line as UTF-8 with a byte order mark, which spreadsheets need to see Vietnamese."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(column.heading for column in columns)
    return out.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """A workbook with both sheets, empty under their headings, and a page of guidance."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, columns in ((SITES_SHEET, SITE_COLUMNS), (PARTICIPANTS_SHEET, PARTICIPANT_COLUMNS)):
        sheet = book.create_sheet(title)
        sheet.append([column.heading for column in columns])
        sheet.freeze_panes = "A2"
        for at in range(1, len(columns) + 1):
            sheet.cell(1, at).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(at)].width = 22
            # Text: a spreadsheet would eat the leading zero of a code or a telephone number.
            sheet.column_dimensions[get_column_letter(at)].number_format = "@"
    guide = book.create_sheet(GUIDE_SHEET)
    for line in _GUIDE:
        guide.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
