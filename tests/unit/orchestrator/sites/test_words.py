"""What people write in a spreadsheet, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sites import words
from wire.ids import Level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Mầm non", Level.MAM_NON),
        ("MẦM NON", Level.MAM_NON),
        ("mam non", Level.MAM_NON),
        ("Mẫu giáo", Level.MAM_NON),
        ("MN", Level.MAM_NON),
        ("Tiểu học", Level.TIEU_HOC),
        ("Trường Tiểu học", Level.TIEU_HOC),
        ("Cấp 1", Level.TIEU_HOC),
        ("TH", Level.TIEU_HOC),
        ("THCS", Level.THCS),
        ("Trung học cơ sở", Level.THCS),
        ("T.H.C.S", None),
        ("THPT", Level.THPT_GDTX),
        ("Trung học phổ thông", Level.THPT_GDTX),
        ("GDTX", Level.THPT_GDTX),
        ("GDNN-GDTX", Level.THPT_GDTX),
        ("THPT-GDTX", Level.THPT_GDTX),
        ("Trung tâm GDNN-GDTX", Level.THPT_GDTX),
        ("Giáo dục thường xuyên", Level.THPT_GDTX),
        ("TH&THCS", Level.THCS),
        ("TH và THCS", Level.THCS),
        ("THCS & THPT", Level.THPT_GDTX),
        ("thpt_gdtx", Level.THPT_GDTX),
        ("mam_non", Level.MAM_NON),
        ("Đại học", None),
        ("THCS & Đại học", None),
        ("&", None),
        ("", None),
    ],
)
def test_levels_are_read_as_people_write_them(text: str, level: Level | None) -> None:
    assert words.level_of(text) == level


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0912345678", "0912345678"),
        ("091 234 5678", "0912345678"),
        ("091.234.5678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("912345678", "0912345678"),
        ("(0238) 384-1234", "02383841234"),
        ("2383841234", "02383841234"),
        ("0112345678", None),
        ("09123", None),
        ("09123456789", None),
        ("không có", None),
        ("٠٩١٢٣٤٥٦٧٨", None),
        ("", None),
    ],
)
def test_phone_numbers_get_their_leading_zero_back(text: str, phone: str | None) -> None:
    assert words.phone_of(text) == phone


@pytest.mark.parametrize(
    ("text", "count"), [("0", 0), ("42", 42), ("50", 50), ("51", None), ("-1", None), ("4.5", None)]
)
def test_counts_are_whole_and_bounded(text: str, count: int | None) -> None:
    assert words.count_of(text, 50) == count


@pytest.mark.parametrize("text", ["²", "٤٢", "1e3", "0x10", "", " 1", "1_0"])
def test_what_python_would_take_for_a_number_but_people_would_not_is_refused(text: str) -> None:
    assert words.count_of(text, 1000) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("th-001", "TH-001"), ("A", "A"), ("c2/01.b_1", "C2/01.B_1"), ("-A", None), ("mã 1", None), ("A" * 33, None)],
)
def test_codes_are_upper_case_without_diacritics(text: str, code: str | None) -> None:
    assert words.code_of(text) == code


@pytest.mark.parametrize("text", ["=1+1", "+84", "@SUM(A1)", "a\u0000b", "a\u200bb", "a\u202eb", "", "x" * 11])
def test_a_name_that_is_a_formula_hidden_or_too_long_is_refused(text: str) -> None:
    assert words.name_of(text, 10) is None


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    words.level_of(text)
    words.phone_of(text)
    words.code_of(text)
    words.count_of(text, 10)
    words.name_of(text, 10)
    assert words.plain(words.plain(text)) == words.plain(text)
