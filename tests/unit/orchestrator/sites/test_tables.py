"""Spreadsheet files as strangers send them."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.sites import tables
from orchestrator.sites.importing import PARTICIPANT_COLUMNS, SITE_COLUMNS, plan_import
from orchestrator.sites.tables import Table, UnreadableFile, decode_text, read_tables
from orchestrator.sites.templates import template_csv, template_xlsx

LINE = "Mã;Tên trường\r\nTH1;Trường Tiểu học Đặng Thùy Trâm\r\n"
ROWS = [(1, ["Mã", "Tên trường"]), (2, ["TH1", "Trường Tiểu học Đặng Thùy Trâm"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    content = LINE.replace(";", delimiter).encode(encoding)
    assert read_tables(content, "x.csv") == [Table("x.csv", ROWS)]


def test_windows_1258_with_its_combining_marks_is_read() -> None:
    # Windows-1258 spells ử as ư and a combining mark: Trường is Trươ + U+0300 + ng there.
    content = "Ma;Tên\r\nA;Trươ\u0300ng Tiê\u0309u ho\u0323c\r\n".encode("cp1258")
    assert read_tables(content, "x.csv")[0].rows[1] == (2, ["A", "Trường Tiểu học"])


def test_a_quoted_line_break_does_not_make_a_row_and_blank_lines_keep_their_numbers() -> None:
    content = 'Mã,Tên\n\nA,"Trường\nMột"\n ,\nB,"Hai ""2"""\n'.encode()
    assert read_tables(content, "x")[0].rows == [
        (1, ["Mã", "Tên"]),
        (3, ["A", "Trường Một"]),
        (5, ["B", 'Hai "2"']),
    ]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_in_cells_read_as_people_see_them() -> None:
    content = workbook(["Mã", "Số"], [101, 42.0], [None, 4.5])
    assert read_tables(content, "x.xlsx")[0].rows == [(1, ["Mã", "Số"]), (2, ["101", "42"]), (3, ["", "4.5"])]


def test_hidden_and_empty_sheets_are_let_be() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Mã"])
    book.create_sheet("trống")
    hidden = book.create_sheet("ẩn")
    hidden.append(["bí mật"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [table.name for table in read_tables(out.getvalue(), "x")] == ["Sheet"]


@pytest.mark.parametrize(
    "content", [b"", b"   \r\n", b"\0" * 50, b"\xd0\xcf\x11\xe0" + b"x" * 600, b"\x89PNG\r\n\x1a\n\0"]
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_tables(content, "x.xlsx")


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableFile, match="8 MiB"):
        read_tables(b"a" * (tables.MOST_BYTES + 1), "x.csv")


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = package({"xl/worksheets/sheet1.xml": b"0" * (tables.MOST_UNPACKED + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableFile, match="quá lớn"):
        read_tables(bomb, "x.xlsx")


def test_a_zip_of_very_many_parts_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="quá lớn"):
        read_tables(package({f"{at}.xml": b"" for at in range(tables.MOST_PARTS + 1)}), "x.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_declaration_is_refused(encoding: str) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(["Mã"]))) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(UnreadableFile, match="không được phép"):
        read_tables(package(parts | {"xl/sharedStrings.xml": bomb.encode(encoding)}), "x.xlsx")


def test_a_row_number_beyond_all_spreadsheets_is_refused_instead_of_read_up_to() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(["Mã"]))) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'<row r="1">', b'<row r="999999999999">')
    with pytest.raises(UnreadableFile, match="kéo dài"):
        read_tables(package(parts | {"xl/worksheets/sheet1.xml": sheet}), "x.xlsx")


def test_too_many_rows_and_columns_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="dòng"):
        read_tables(b"a\n" * (tables.MOST_ROWS + 1), "x.csv")
    for content in (b"a," * 41 + b"z", workbook(["a"] * 41)):
        with pytest.raises(UnreadableFile, match="cột"):
            read_tables(content, "x")


def test_the_templates_are_read_by_the_importer_they_are_for() -> None:
    sheets = read_tables(template_xlsx(), "mau.xlsx")
    assert [sheet.name for sheet in sheets] == ["Điểm cầu", "Học viên", "Hướng dẫn"]
    for columns in (SITE_COLUMNS, PARTICIPANT_COLUMNS):
        told = plan_import(read_tables(template_csv(columns), "mau.csv"), frozenset())
        assert isinstance(told, list)
        assert [fault.message for fault in told] == ["Tệp không có dòng nào."]


@given(st.binary(max_size=400))
def test_garbage_is_a_table_or_unreadable_and_nothing_else(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"):
        try:
            plan_import(read_tables(start + content, "x"), frozenset())
        except UnreadableFile:
            continue


GOOD = workbook(["Mã điểm cầu", "Tên điểm cầu", "Cấp học", "Tỉnh"], ["A", "Trường A", "THCS", "Tỉnh Mẫu"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.integers(0, 40))
def test_a_damaged_workbook_is_a_table_or_unreadable_and_nothing_else(at: int, flip: int, cut: int) -> None:
    damaged = bytearray(GOOD)
    damaged[at] ^= flip
    try:
        plan_import(read_tables(bytes(damaged[: len(damaged) - cut]), "x"), frozenset())
    except UnreadableFile:
        return


@given(st.text(max_size=60))
def test_text_without_a_mark_is_read_as_utf_8(text: str) -> None:
    if "\0" not in text and not text.startswith("\ufeff"):
        assert decode_text(text.encode(errors="replace")) is not None
