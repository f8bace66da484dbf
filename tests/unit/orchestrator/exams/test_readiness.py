"""Whether a site could open now, by its own word."""

import msgspec
import pytest

from orchestrator.exams.model import Exam, Releasing, Stage
from orchestrator.exams.release.readiness import HeardOf, Light, Reason, readiness
from orchestrator.sites.model import Site, Standing
from wire.exam_release import PaperState
from wire.ids import ClockState, ExamId, ExamState, Level, PlaceId, SiteId
from wire.messages import ClockHealth, ExamProgress, Heartbeat
from wire.paper import Manifest, Plan

S = 10**9
NOW = 1000 * S
A = SiteId("a")
EXAM = Exam(
    ExamId("exam-1"), "Thi", Stage.ARMED, 1, NOW + 600 * S, 600, Plan(), 10, 1, (A,), b"s" * 32, 0,
    releasing=Releasing(manifest_version=2, reserve=True),
)  # fmt: skip
MANIFEST = Manifest(
    EXAM.id, "Thi", EXAM.t0_ns, 600, b"r" * 32, {"101": b"\x01" * 32}, Plan(), 2, b"q" * 32, {"101": b"\x02" * 32}
)
PAPERS = [
    PaperState(code="101", digest="01" * 6, here=True),
    PaperState(code="R101", digest="02" * 6, here=True),
]
TOLD = ExamProgress(exam=EXAM.id, state=ExamState.READY, version=2, papers=PAPERS)
BEAT = Heartbeat(at_ns=NOW, agent_version="1", clock=ClockHealth(state=ClockState.SYNCED, bound_ms=8.0), exams=[TOLD])
PAIRED = Standing(
    Site(A, "DC01", "Trường 1", Level.THCS, PlaceId("p"), 40, "Cô Hoa", "0912"), ["Lào Cai"], 2, True, False, None
)


def told(changes: dict[str, object]) -> Heartbeat:
    return msgspec.structs.replace(BEAT, exams=[msgspec.structs.replace(TOLD, **changes)])


@pytest.mark.parametrize(
    ("beat", "heard_ago_s", "light", "reasons"),
    [
        (BEAT, 5, Light.GREEN, []),
        (BEAT, 40, Light.AMBER, [Reason.QUIET]),
        (BEAT, 301, Light.RED, [Reason.SILENT]),
        (told({"version": 1}), 5, Light.RED, [Reason.OLD_PLAN]),
        (told({"papers": PAPERS[1:]}), 5, Light.RED, [Reason.PAPER_MISSING]),
        (told({"papers": PAPERS[:1]}), 5, Light.AMBER, [Reason.RESERVE_MISSING]),
        (told({"damaged": 1}), 5, Light.AMBER, [Reason.DAMAGED]),
        (
            told({"papers": [PaperState(code="101", digest="ff" * 6, here=True), PAPERS[1]]}),
            5, Light.RED, [Reason.PAPER_DIFFERS],
        ),
        (msgspec.structs.replace(BEAT, exams=[]), 5, Light.RED, [Reason.NO_PLAN]),
        (msgspec.structs.replace(BEAT, clock=ClockHealth()), 5, Light.AMBER, [Reason.CLOCK_BLIND]),
        (msgspec.structs.replace(BEAT, agent_version="0"), 5, Light.AMBER, [Reason.OLD_AGENT]),
        (None, 0, Light.RED, [Reason.SILENT]),
    ],
)  # fmt: skip
def test_a_site_stands_as_its_last_word_says(
    beat: Heartbeat | None, heard_ago_s: int, light: Light, reasons: list[Reason]
) -> None:
    heard = {A: HeardOf(NOW - heard_ago_s * S, beat)} if beat else {}
    found = readiness(EXAM, MANIFEST, {A: PAIRED}, heard, NOW, "1", {A: 2})
    assert (found.sites[0].light, found.sites[0].reasons) == (light, reasons)
    assert found.counts[light] == 1


def test_a_spare_site_that_nobody_paired_is_not_counted() -> None:
    spare = msgspec.structs.replace(PAIRED, paired=False, participants=0)
    found = readiness(EXAM, MANIFEST, {A: spare}, {}, NOW, "1", {})
    assert sum(found.counts.values()) == 0
    assert found.sites[0].reasons == [Reason.UNPAIRED]
