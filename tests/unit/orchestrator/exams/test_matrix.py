from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.exams.matrix import Fault, Unreadable, items_of, read_key, read_matrix

KEY = {"c1": frozenset("A"), "c2": frozenset("BC")}


def faults(content: str, key: dict[str, frozenset[str]] | None = None) -> list[Fault]:
    with pytest.raises(Unreadable) as caught:
        read_matrix(content.encode(), key)
    return list(caught.value.faults)


def test_zeros_and_ones_under_a_heading() -> None:
    told = read_matrix(b'"Item 1","Item 2"\n0,1\n1,1\n')
    assert (told.items, told.right.tolist()) == (("Item 1", "Item 2"), [[False, True], [True, True]])
    assert (told.codes, told.chosen) == ((), None)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_from_a_spreadsheet_with_mark_numbers_and_codes(sign: str) -> None:
    text = "SBD,Mã đề,c1,c2\r\n0002,101,a,b\r\n\r\n0001,102,,C\r\n".replace(",", sign)
    told = read_matrix(text.encode("utf-8-sig"), KEY)
    assert (told.numbers, told.codes) == (("0002", "0001"), ("101", "102"))
    assert told.right.tolist() == [[True, True], [False, True]]
    assert told.options == (("A",), ("B", "C"))


def test_every_fault_is_told_with_its_line() -> None:
    text = "sbd,c1,c2\n1,0,1\n2,0\n1,1,x\n3,,1\n"
    assert [(fault.line, fault.reason.split(" / ")[0]) for fault in faults(text)] == [
        (3, "2 ô, tiêu đề có 3"),
        (4, "c2: 'x' không phải 0 hay 1"),
        (5, "c1: '' không phải 0 hay 1"),
        (4, "số báo danh '1' đã có ở dòng 2"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("", 1, "trống"),
        ("\n \n,\n", 1, "trống"),
        ("c1,c2\n", 1, "thí sinh"),
        ("0,1,1\n1,1,0\n", 1, "tiêu đề"),
        ("0,1\n1,1\n", 1, "tiêu đề"),
        ("c1,c1\n1,1\n", 1, "trùng"),
        ("sbd\n1\n", 1, "không có câu hỏi"),
        ('c1,c2\n1,"1\n', 2, "không đọc được"),
        (",".join(f"c{n}" for n in range(1001)) + "\n" + ",".join("1" * 1001), 1, "1000"),
    ],
)
def test_a_table_that_is_none_says_where_it_stops(text: str, line: int, word: str) -> None:
    found = faults(text)
    assert (found[0].line, word in found[0].reason) == (line, True), found


def test_bytes_that_are_no_text_and_files_without_end_are_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read_matrix("c1\n1\nsố".encode("utf-16"))
    assert "UTF-8" in str(caught.value)
    with pytest.raises(Unreadable) as caught:
        read_matrix(b"c1\n" + b"1\n" * (9 << 20))
    assert "MiB" in str(caught.value)


def test_only_the_first_faults_are_told_and_the_rest_counted() -> None:
    with pytest.raises(Unreadable) as caught:
        read_matrix(b"c1\n" + b"x\n" * 80)
    assert (len(caught.value.faults), caught.value.more) == (50, 30)


def test_a_cell_that_is_no_option_is_refused() -> None:
    assert "quá dài" in faults("c1,c2\nA," + "B" * 41, KEY)[0].reason


@pytest.mark.parametrize("text", ["item,key\nc1,a\nc2,B|c\n", "Câu;Đáp án\nc2;B|C\nc1;A\n", "c1,c2\nA,B|C\n"])
def test_a_key_stands_in_lines_or_under_the_items(text: str) -> None:
    assert read_key(text.encode(), ["c1", "c2"]) == KEY


def test_an_empty_key_voids_the_item() -> None:
    key = read_key(b"item,key\nc1,\nc2,B\n", ["c1", "c2"])
    assert read_matrix(b"c1,c2\nA,B\n", key).counts == (False, True)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("item,key\nc1,A\n", 2, "thiếu đáp án câu 'c2'"),
        ("item,key\nc1,A\nc2,B\nc3,A\n", 4, "'c3' không có"),
        ("item,key\nc1,A\nc2,B\nc1,A\n", 4, "hai đáp án"),
        ("item,key\nc1,A,B\n", 2, "hai ô"),
        ("c1,c2\nA,B\nA,B\n", 3, "item,key"),
    ],
)
def test_a_key_that_does_not_fit_the_table_is_refused(text: str, line: int, word: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_key(text.encode(), ["c1", "c2"])
    assert [(fault.line, word in fault.reason) for fault in caught.value.faults] == [(line, True)]


def test_the_items_are_known_before_the_key() -> None:
    assert items_of("\ufeffSBD;Mã đề;Câu 1;Câu 2\n".encode()) == ["Câu 1", "Câu 2"]


@given(st.binary(max_size=200) | st.text(alphabet='01,;"\n\tcA', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for key in (None, KEY):
        with suppress(Unreadable):
            told = read_matrix(content, key)
            assert told.right.shape == (len(told.numbers), len(told.items))
