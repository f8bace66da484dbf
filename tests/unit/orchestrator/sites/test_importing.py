"""Every lint of the import, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sites.importing import (
    MOST_FAULTS,
    PARTICIPANT_COLUMNS,
    SITE_COLUMNS,
    Fault,
    ParticipantRow,
    Plan,
    SiteRow,
    plan_import,
)
from orchestrator.sites.tables import Table
from wire.ids import Level

HEADINGS = [column.heading for column in SITE_COLUMNS]
PEOPLE = [column.heading for column in PARTICIPANT_COLUMNS]
GOOD = {
    "Mã điểm cầu": "TH-001",
    "Tên điểm cầu": "Trường Tiểu học Hoa Sen",
    "Cấp học": "Tiểu học",
    "Tỉnh/Thành phố": "Tỉnh Mẫu",
    "Quận/Huyện": "Huyện Mẫu",
    "Xã/Phường": "Xã Mẫu",
    "Số học viên": "42",
    "Người phụ trách": "Trần Thị An",
    "Điện thoại": "0912 345 678",
}


def sites(*changes: dict[str, str], sheet: str = "Điểm cầu") -> Table:
    rows = [(at, list((GOOD | change).values())) for at, change in enumerate(changes, start=2)]
    return Table(sheet, [(1, HEADINGS), *rows])


def people(*rows: tuple[str, str, str]) -> Table:
    return Table("Học viên", [(1, PEOPLE), *((at, list(row)) for at, row in enumerate(rows, start=2))])


def plan(*tables: Table, known: tuple[str, ...] = ()) -> Plan:
    made = plan_import(tables, known)
    assert isinstance(made, Plan), made
    return made


def faults(*tables: Table, known: tuple[str, ...] = ()) -> list[Fault]:
    made = plan_import(tables, known)
    assert isinstance(made, list), made
    return made


def test_a_good_file_becomes_a_plan() -> None:
    made = plan(sites({}), people(("HV1", "Nguyễn Văn Bình", "th-001")))
    path = (("province", "Tỉnh Mẫu"), ("district", "Huyện Mẫu"), ("commune", "Xã Mẫu"))
    assert made.sites == [
        SiteRow("TH-001", "Trường Tiểu học Hoa Sen", Level.TIEU_HOC, path, 42, "Trần Thị An", "0912345678")
    ]
    assert made.participants == [ParticipantRow("HV1", "Nguyễn Văn Bình", "TH-001")]


def test_districts_communes_contacts_and_numbers_may_be_blank() -> None:
    blank = dict.fromkeys(("Quận/Huyện", "Xã/Phường", "Số học viên", "Người phụ trách", "Điện thoại"), "")
    made = plan(sites(blank)).sites[0]
    assert (made.path, made.expected, made.contact, made.phone) == ((("province", "Tỉnh Mẫu"),), None, "", "")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("Mã điểm cầu", "", "Thiếu giá trị."),
        ("Mã điểm cầu", "mã 1", "Mã chỉ gồm chữ không dấu, số và . _ / - (tối đa 32): “mã 1”."),
        ("Tên điểm cầu", "", "Thiếu giá trị."),
        ("Tên điểm cầu", "=CMD()", "Tên không hợp lệ hoặc dài quá: “=CMD()”."),
        ("Cấp học", "", "Thiếu giá trị."),
        ("Cấp học", "Đại học", "Không nhận ra cấp học: “Đại học”."),
        ("Tỉnh/Thành phố", "", "Thiếu giá trị."),
        ("Xã/Phường", "@x", "Tên không hợp lệ hoặc dài quá: “@x”."),
        ("Số học viên", "4,5", "Phải là số nguyên từ 0 đến 20000: “4,5”."),
        ("Số học viên", "-1", "Phải là số nguyên từ 0 đến 20000: “-1”."),
        ("Số học viên", "20001", "Phải là số nguyên từ 0 đến 20000: “20001”."),
        ("Điện thoại", "123", "Số điện thoại không hợp lệ: “123”."),
    ],
)
def test_a_bad_cell_is_told_with_row_column_and_sentence(column: str, value: str, message: str) -> None:
    other = {"Mã điểm cầu": "TH-002"}
    assert faults(sites(other, {column: value})) == [Fault("Điểm cầu", 3, column, message)]


def test_the_provider_of_the_line_may_be_named_and_a_blank_keeps_what_is_known() -> None:
    assert plan(sites({"Nhà mạng": "VNPT"})).sites[0].provider == "VNPT"
    assert plan(sites({"Nhà mạng": ""})).sites[0].provider is None
    assert [fault.column for fault in faults(sites({"Nhà mạng": "=1+1"}))] == ["Nhà mạng"]


def test_every_fault_is_told_at_once() -> None:
    told = faults(sites({"Cấp học": "?", "Điện thoại": "1"}, {"Mã điểm cầu": "B", "Số học viên": "x"}))
    assert [(fault.row, fault.column) for fault in told] == [(2, "Cấp học"), (2, "Điện thoại"), (3, "Số học viên")]


def test_a_flood_of_faults_is_cut() -> None:
    assert len(faults(sites(*[{"Cấp học": "?", "Mã điểm cầu": f"A{at}"} for at in range(500)]))) == MOST_FAULTS


def test_a_repeated_code_names_the_row_it_repeats() -> None:
    message = "“TH-001” đã có ở dòng 2 của “Điểm cầu”."
    assert faults(sites({}, {"Mã điểm cầu": "th-001"})) == [Fault("Điểm cầu", 3, "Mã điểm cầu", message)]
    again = sites({}, sheet="Trang 2")
    assert faults(sites({}), again) == [Fault("Trang 2", 2, "Mã điểm cầu", message)]


def test_a_repeated_candidate_number_is_told() -> None:
    told = faults(sites({}), people(("1", "A", "TH-001"), ("1", "B", "TH-001")))
    assert told == [Fault("Học viên", 3, "Số báo danh", "“1” đã có ở dòng 2 của “Học viên”.")]


def test_a_participant_of_no_known_site_is_told() -> None:
    told = faults(people(("1", "An", "XX")), known=("TH-001",))
    assert told == [Fault("Học viên", 2, "Mã điểm cầu", "Không có điểm cầu nào mang mã “XX”.")]


def test_participants_may_come_in_a_second_file_or_before_their_sites() -> None:
    assert plan(people(("1", "An", "TH-001")), known=("TH-001",)).participants[0].code == "TH-001"
    assert plan(people(("1", "An", "TH-001")), sites({})).participants[0].code == "TH-001"


def test_a_faulty_site_is_not_told_again_by_each_of_its_participants() -> None:
    told = faults(sites({"Cấp học": "?"}), people(("1", "An", "TH-001")))
    assert [fault.column for fault in told] == ["Cấp học"]


@pytest.mark.parametrize("missing", ["Số báo danh", "Họ và tên", "Mã điểm cầu"])
def test_a_participant_lacking_something_is_told(missing: str) -> None:
    row = dict(zip(PEOPLE[:3], ("1", "An", "TH-001"), strict=True)) | {missing: ""}
    told = faults(sites({}), people((row["Số báo danh"], row["Họ và tên"], row["Mã điểm cầu"])))
    assert told == [Fault("Học viên", 2, missing, "Thiếu giá trị.")]


def test_an_unknown_column_is_told_and_nothing_is_read() -> None:
    table = Table("s", [(1, [*HEADINGS, "Màu sơn"]), (2, [*GOOD.values(), "xanh"])])
    assert faults(table) == [Fault("s", 1, "Màu sơn", "Cột lạ: không có trong mẫu.")]


def test_a_repeated_and_a_missing_column_are_told() -> None:
    table = Table("s", [(1, ["Mã điểm cầu", "Mã điểm cầu", "Tên", "Cấp học"]), (2, ["A", "B", "C", "THCS"])])
    assert faults(table) == [
        Fault("s", 1, "Mã điểm cầu", "Cột bị lặp lại."),
        Fault("s", 1, "Tỉnh/Thành phố", "Thiếu cột này."),
    ]


def test_row_numbers_and_remarks_are_let_be_and_headings_may_be_written_otherwise() -> None:
    headings = ["STT", "MÃ TRƯỜNG (*)", "Tên trường", "cấp", "Tỉnh", "Sĩ số", "SĐT", "Ghi chú"]
    table = Table("s", [(3, headings), (4, ["1", "A1", "Trường X", "THCS", "Tỉnh Mẫu", "7", "", "mới xây"])])
    assert plan(table).sites[0].expected == 7


def test_a_cell_beyond_the_columns_is_told() -> None:
    table = Table("s", [(1, HEADINGS), (2, [*GOOD.values(), "", "lạc"])])
    assert faults(table) == [Fault("s", 2, "", "Có ô nằm ngoài các cột: “lạc”.")]


def test_a_sheet_that_is_no_table_is_told_but_a_guide_is_let_be() -> None:
    notes = [(1, ["Lưu ý gì đó"])]
    assert faults(sites({}), Table("Khác", notes))[0].sheet == "Khác"
    assert plan(sites({}), Table("Hướng dẫn", notes)).sites


def test_nothing_at_all_is_a_fault() -> None:
    for tables in ((), (sites(),), (people(),)):
        assert [fault.message for fault in faults(*tables)] == ["Tệp không có dòng nào."]


cells = st.text(max_size=12) | st.sampled_from([*GOOD.values(), *PEOPLE, *HEADINGS, ""])
lines = st.lists(cells, min_size=1, max_size=11)


@given(st.lists(st.lists(lines, max_size=6), max_size=3))
def test_whatever_the_cells_hold_the_answer_is_a_plan_or_faults(sheets: list[list[list[str]]]) -> None:
    tables = [Table("s", list(enumerate(rows, start=1))) for rows in sheets]
    made = plan_import(tables, frozenset())
    assert isinstance(made, Plan) or made


@given(st.lists(st.tuples(st.sampled_from(HEADINGS), cells), max_size=4))
def test_a_file_with_some_bad_cells_is_planned_whole_or_refused_whole(changes: list[tuple[str, str]]) -> None:
    rows = [{"Mã điểm cầu": f"OK{at}"} | ({column: text} if text else {}) for at, (column, text) in enumerate(changes)]
    made = plan_import([sites({}, *rows)], frozenset())
    if isinstance(made, Plan):
        assert len(made.sites) == len(rows) + 1
    else:
        assert all(fault.row >= 2 and fault.column in HEADINGS for fault in made)
