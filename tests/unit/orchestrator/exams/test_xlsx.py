import io
import zipfile

import openpyxl
import pytest

from orchestrator.exams.marks import CandidateState
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.results import results
from orchestrator.exams.store import MarkRow
from orchestrator.exams.xlsx import workbook
from orchestrator.sites.model import Site, Standing
from wire.ids import ExamId, Level, PlaceId, SiteId
from wire.paper import Plan

NAMES = ('=HYPERLINK("http://x")', "+1", "@SUM(A1)", "#N/A", "Nguyễn\x07 Bé", "-2+3")


@pytest.fixture(scope="module")
def content() -> bytes:
    site = SiteId("a")
    exam = Exam(ExamId("exam-1"), "=Thi", Stage.MARKED, 5, 10**18, 600, Plan(), 8, 1, (site,), b"s" * 32, 0)
    standing = Standing(
        Site(site, "DC1", "=Trường", Level.THCS, PlaceId("p"), 9, "", ""), ["Tỉnh", "=Huyện"], 6, True, False, None
    )
    rows = [
        MarkRow(f"{n:04d}", site, name, "101", n, 8, CandidateState.HANDED_IN, 0, bytes(32))
        for n, name in enumerate(NAMES)
    ]
    return workbook(results(exam, rows, [SiteWindow(site, closed_ns=1)], [standing]))


def test_a_sheet_has_the_form_that_offices_print(content: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Theo điểm cầu"]
    assert sheet["A1"].value == "KẾT QUẢ THEO ĐIỂM CẦU"
    assert sorted(str(each) for each in sheet.merged_cells.ranges) == ["A1:H1", "A2:H2", "A3:H3", "A4:H4"]
    assert "6/6" in sheet["A3"].value
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C7", f"A6:{sheet.cell(6, sheet.max_column).column_letter}7")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
    assert sheet.print_title_rows == "$6:$6"
    heading, mean = sheet.cell(6, 7), sheet.cell(7, 7)
    assert (heading.value, heading.font.b, mean.number_format) == ("Điểm trung bình", True, "#,##0.00")
    assert mean.border.left.style == "thin"


def test_no_text_becomes_a_formula(content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    listed = book["Danh sách"]
    assert [listed.cell(6 + n, 2).value for n in range(6)] == [name.replace("\x07", "") for name in NAMES]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b't="e"' in sheet for sheet in sheets)
    assert "=Trường" in {cell.value for row in book["Theo điểm cầu"].iter_rows() for cell in row}
