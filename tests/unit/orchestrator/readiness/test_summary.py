"""The printed summary of a rehearsal."""

from __future__ import annotations

from orchestrator.courses.tables import as_xlsx
from orchestrator.printing.sheets import compiled
from orchestrator.readiness.board import Room
from orchestrator.readiness.model import Finding, Grade, Judgement, Verdict
from orchestrator.readiness.rehearsal import Kind, Rehearsal, SiteOutcome, SiteSteps, Step
from orchestrator.readiness.summary import TEMPLATE, lacking, rehearsal_sheet, rehearsal_tables, verdict_of
from wire.ids import RehearsalId, SiteId

A, B, C, GONE = (SiteId(f"site-{letter}") for letter in "abcd")
NOW = 1_800_000_000 * 10**9
ROOMS = {
    site: Room(site, code, f"Trường #{code} *đậm*", district, "thcs", "Cô Lan", "0912 345 678")
    for site, code, district in ((A, "DC02", "Lộc Ninh"), (B, "DC01", "Đồng Phú"), (C, "DC03", "Lộc Ninh"))
}
DARK = Finding("camera", "dark", Grade.NO_GO)
LET = Finding("power", "sleeps", Grade.WAIVED)
GO = Judgement(Verdict.GO, [])
REHEARSAL = Rehearsal(
    id=RehearsalId("rehearsal-1"),
    kind=Kind.DRILL,
    title="Tổng duyệt «lần 1» #2",
    from_ns=NOW,
    t0_ns=NOW,
    until_ns=NOW,
    sites=frozenset(ROOMS),
    by="truchoi",
    planned_ns=NOW,
)
OUTCOMES = [
    SiteOutcome(SiteSteps(site=A, seen_ns=1, looked_ns=2, lo_ms=-10.0, hi_ms=30.0), Step.OPENED, GO),
    SiteOutcome(
        SiteSteps(site=B, seen_ns=1, looked_ns=2, lo_ms=100.0, hi_ms=120.0),
        Step.OPENED,
        Judgement(Verdict.NO_GO, [DARK, LET]),
    ),
    SiteOutcome(SiteSteps(site=C), Step.SILENT, None),
    SiteOutcome(SiteSteps(site=GONE), Step.SILENT, None),
]


def test_the_summary_counts_and_names_what_is_missing() -> None:
    sheet = rehearsal_sheet(REHEARSAL, OUTCOMES, ROOMS, NOW)
    assert {key: sheet[key] for key in ("sites", "told", "looked", "opened", "missed", "middle", "spread")} == {
        "sites": 3,
        "told": 2,
        "looked": 2,
        "opened": 2,
        "missed": 1,
        "middle": "60 ms",
        "spread": "100 ms",
    }
    assert sheet["districts"] == [["Lộc Ninh", 2, 1, 1, 0, 0, 1], ["Đồng Phú", 1, 1, 0, 0, 1, 0]]
    assert [row[0] for row in sheet["lacks"]] == ["DC01", "DC03"]
    assert sheet["lacks"][0][3] == "Máy ảnh: Hình đen; Nguồn điện: Máy sẽ tự ngủ (được miễn)"


def test_a_start_that_was_missed_is_never_go() -> None:
    assert verdict_of(SiteOutcome(SiteSteps(site=A), Step.MISSED, GO)) is Verdict.CARE
    assert verdict_of(SiteOutcome(SiteSteps(site=A), Step.SILENT, None)) is Verdict.UNKNOWN
    assert lacking(None) == "Chưa có giấy kiểm tra"


def test_it_prints_whatever_names_hold() -> None:
    made = compiled(TEMPLATE, rehearsal_sheet(REHEARSAL, OUTCOMES, ROOMS, NOW), {})
    assert made.startswith(b"%PDF")
    empty = compiled(TEMPLATE, rehearsal_sheet(REHEARSAL, OUTCOMES[:1], ROOMS, NOW), {})
    assert empty.startswith(b"%PDF")


def test_it_is_a_sheet_with_a_row_a_site() -> None:
    (table,) = rehearsal_tables(REHEARSAL, OUTCOMES, ROOMS)
    assert [row[0] for row in table.rows] == ["DC01", "DC02", "DC03"]
    assert table.rows[1][6:8] == [-10, 30]
    assert as_xlsx([table]).startswith(b"PK")
