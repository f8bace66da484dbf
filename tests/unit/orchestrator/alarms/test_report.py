"""The incident log as a report: in order, by district and site, with its figures, in Vietnamese."""

from __future__ import annotations

import msgspec
import pytest

from orchestrator.alarms import report
from orchestrator.alarms.journal import (
    CentreStarted,
    ChannelChanged,
    Entry,
    LogEvent,
    RulesChanged,
    WorkEnded,
    WorkPlanned,
)
from orchestrator.alarms.model import (
    Acknowledged,
    AcknowledgementEnded,
    Alarm,
    Cause,
    Cleared,
    Escalated,
    Joined,
    Left,
    Raised,
    Scope,
    Told,
    Trouble,
    Worsened,
)
from orchestrator.alarms.report import Log
from orchestrator.alarms.wording import Names, length_of, sentence, title_of
from orchestrator.courses.tables import as_csv
from wire.ids import SiteId

S = 10**9
BEGAN = 1_800_000_000 * S
"""15:00:00 in Vietnam."""
SITES = tuple(SiteId(f"s{number}") for number in range(20))
NAMES = Names({site: (f"DC{number:02}", f"Trường {number}") for number, site in enumerate(SITES)})
DISTRICT = Cause(Scope.DISTRICT, "Huyện Yên Hà")
ABOUT = Alarm("a", Trouble.AWAY, DISTRICT, 3, BEGAN, most=20)


def log(*events: tuple[int, str, LogEvent]) -> Log:
    entries = [Entry(seq, BEGAN + at * S, who, event) for seq, (at, who, event) in enumerate(events, 1)]
    alone = Alarm("b", Trouble.SOUND, Cause(Scope.SITE, "s19"), 2, BEGAN, most=1)
    return Log(entries, {"a": ABOUT, "b": alone}, {"a": set(SITES[:19]), "b": {SITES[19]}})


STORY = log(
    (0, "", CentreStarted(0)),
    (10, "", Raised("a", Trouble.AWAY, DISTRICT, 3, SITES[:19], 19)),
    (25, "ha", Acknowledged("a", "ha", "Hà", BEGAN + 600 * S, sticky=True, word="gọi VNPT")),
    (40, "", Raised("b", Trouble.SOUND, Cause(Scope.SITE, "s19"), 2, (SITES[19],), 1)),
    (130, "", Cleared("a", "back")),
)


def test_figures_tell_what_a_time_came_to() -> None:
    told = report.figures(STORY)
    assert (told.alarms, told.grave, told.sites, told.taken) == (2, 1, 20, 1)
    assert (told.median_taken_s, told.median_lasted_s, told.longest_s) == (15.0, 120.0, 120.0)
    assert report.figures(log()).longest_s is None


def test_a_log_that_was_cut_says_so_on_its_sheet() -> None:
    rows = report.table(msgspec.structs.replace(STORY, cut=True), NAMES).rows
    assert rows[0][3] == report.CUT
    assert rows[1:] == report.table(STORY, NAMES).rows


def test_a_sheet_has_a_row_a_line_and_begins_with_a_byte_order_mark() -> None:
    made = as_csv(report.table(STORY, NAMES))
    assert made.startswith(b"\xef\xbb\xbf")
    rows = made.decode("utf-8-sig").splitlines()
    assert len(rows) == 6
    assert rows[3] == (
        "15/01/2027 15:00:25,Nặng,Mất kết nối: Huyện Yên Hà,"
        "Hà nhận xử lý đến 15:10:00, giữ cả khi lan rộng: “gọi VNPT”,ha,"
    ).replace(
        "Hà nhận xử lý đến 15:10:00, giữ cả khi lan rộng: “gọi VNPT”",
        '"Hà nhận xử lý đến 15:10:00, giữ cả khi lan rộng: “gọi VNPT”"',
    )


def test_the_printed_report_names_its_time_and_its_figures() -> None:
    sheet = report.sheet(STORY, NAMES, title="Tất cả", from_ns=BEGAN, until_ns=BEGAN + 900 * S, now_ns=BEGAN + 600 * S)
    assert (sheet["from"], sheet["until"]) == ("15/01/2027 15:00:00", "15/01/2027 15:10:00")
    assert (sheet["alarms"], sheet["median_taken"], sheet["longest"]) == (2, "15 giây", "2 phút 00 giây")
    assert len(sheet["rows"]) == 5


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Raised("a", Trouble.RELAY, Cause(Scope.PART, "1"), 3), "BÁO ĐỘNG máy chủ hình ảnh dừng: 1"),
        (Joined("a", SITES[:2]), "Thêm 2 điểm cầu: DC00, DC01"),
        (Left("a", SITES[:14], "back"), "14 điểm cầu trở lại bình thường: "),
        (Worsened("a", 3), "Nặng hơn: mức nặng"),
        (Cleared("a", "merged", "b"), "HẾT BÁO ĐỘNG sau 1 phút 00 giây: chuyển sang"),
        (Acknowledged("a", "binh", "Bình", None, sticky=False, instead_of="Hà"), "Bình nhận xử lý thay Hà đến khi hết"),
        (AcknowledgementEnded("a", "expired"), "Không còn người nhận: hết hạn nhận"),
        (Escalated("a", 2), "Chưa ai nhận: nâng lên bậc 2"),
        (Told("a", "c", "Nhóm trực", "cleared"), "Đã gửi tin hết báo động qua “Nhóm trực”"),
        (WorkPlanned("w", Cause(Scope.PROVIDER, "VNPT"), 0, 1, "Thay cáp"), "Công việc có kế hoạch tại Nhà mạng VNPT"),
        (WorkEnded("w", Cause(Scope.SITE, "s3")), "Kết thúc sớm công việc có kế hoạch tại DC03 Trường 3"),
        (RulesChanged(4), "Sửa quy tắc báo động (bản 4)"),
        (ChannelChanged("c", "Nhóm trực", "tested"), "Kênh tin báo “Nhóm trực”: gửi thử"),
    ],
)
def test_each_thing_that_happens_is_a_sentence(event: LogEvent, told: str) -> None:
    assert sentence(event, ABOUT, NAMES, BEGAN + 60 * S).startswith(told)


def test_many_sites_are_counted_not_listed() -> None:
    assert sentence(Left("a", SITES, "back"), ABOUT, NAMES, 0).endswith("và 8 nơi nữa")


def test_times_are_told_as_people_tell_them() -> None:
    assert [length_of(seconds * S) for seconds in (0, 59, 61, 3600, 7325)] == [
        "0 giây",
        "59 giây",
        "1 phút 01 giây",
        "1 giờ 00 phút",
        "2 giờ 02 phút",
    ]


def test_a_title_says_what_where_and_how_many() -> None:
    assert title_of(ABOUT, NAMES) == "Mất kết nối: Huyện Yên Hà (20 điểm cầu)"
    alone = Alarm("b", Trouble.SOUND, Cause(Scope.SITE, "s3"), 2, 0, most=1)
    assert title_of(alone, NAMES) == "Không nghe tiếng: DC03 Trường 3"
