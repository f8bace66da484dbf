import msgspec

from orchestrator.exams.bands import USUAL
from orchestrator.exams.marks import CandidateState
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.outcome.frozen import freeze, thawed
from orchestrator.exams.outcome.routes import TEMPLATE
from orchestrator.exams.outcome.summary import Letterhead, number, province_summary, share, whole
from orchestrator.exams.results import Results, results
from orchestrator.exams.store import MarkRow
from orchestrator.printing.sheets import compiled
from orchestrator.sites.model import Site, Standing
from wire.ids import ExamId, Level, PlaceId, SiteId
from wire.paper import Plan


def told(few: int = 3, many: int = 12) -> Results:
    sites = (SiteId("a"), SiteId("b"))
    exam = Exam(ExamId("exam-1"), "Thi #1", Stage.MARKED, 5, 10**18, 600, Plan(), 8, 1, sites, b"s" * 32, 0)
    standings = [
        Standing(Site(site, f"DC{n}", f"#Trường {n}", Level.THCS, PlaceId("p"), 9, "", ""),
                 ["Tỉnh", f"*Huyện* {n}"], 9, True, False, None)
        for n, site in enumerate(sites)
    ]  # fmt: skip
    seats = [sites[0]] * few + [sites[1]] * many
    rows = [
        MarkRow(f"{n:04d}", site, f"Người {n}", "101", n % 9, 8, CandidateState.HANDED_IN, 0, bytes([1]) * 32)
        for n, site in enumerate(seats)
    ]
    return results(exam, rows, [SiteWindow(site, closed_ns=1) for site in sites], standings)


def test_figures_are_written_with_commas_and_dots() -> None:
    assert [number(6.125), number(0.005), number(None), number(7.0, 1)] == ["6,13", "0,01", "–", "7,0"]
    assert (whole(10000), share(1, 3), share(0, 0)) == ("10.000", "33,3 %", "–")


def test_too_few_people_have_no_figures_in_print() -> None:
    summary = province_summary(told(), Letterhead(), "ngày 01 tháng 01 năm 2027")
    few, many = summary.tables[0].rows
    assert (few[1], few[4], set(few[5:])) == ("3", "< 5", {"–"})
    assert many[4] != "< 5"
    assert summary.tables[0].grey == [True, False]
    assert {len(row) for row in summary.tables[0].rows} == {len(summary.tables[0].headings)}


def test_the_sheet_says_that_it_is_provisional_and_of_how_many() -> None:
    provisional = msgspec.structs.replace(told(), provisional=True, received=9)
    summary = province_summary(provisional, Letterhead(), "")
    assert "TẠM THỜI" in summary.standing
    assert "9/15" in summary.standing
    again = province_summary(msgspec.structs.replace(told(), published=2), Letterhead(), "")
    assert "đã chấm lại lần 2" in again.standing


def test_the_template_prints_names_as_they_are() -> None:
    summary = province_summary(told(), Letterhead(unit="Sở #GD", signer="*Lê* $A$"), "ngày 01 tháng 01 năm 2027")
    assert compiled(TEMPLATE, summary, {}).startswith(b"%PDF-")


def test_the_same_results_have_the_same_digest_and_read_back() -> None:
    one, other = freeze(told(), 1, USUAL), freeze(told(), 1, USUAL)
    assert one == other
    assert freeze(told(), 2, USUAL).digest != one.digest
    assert [each.number for each in thawed(one.contents).candidates] == sorted(f"{n:04d}" for n in range(15))
