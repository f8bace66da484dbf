import msgspec
import pytest

from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import (
    KEY_FREE,
    ORDERS,
    SECOND,
    SECRET_OUT,
    STOPPED_S,
    TRANSITIONS,
    UNDO_S,
    UNTOLD_GRANTS_S,
    UNTOLD_STOP_S,
    Action,
    Exam,
    IllegalStep,
    SiteWindow,
    Stage,
    after,
    due,
    may_give_up_ns,
    window_ends_ns,
)
from wire.exam_fairness import CANDIDATE_LIMIT_S, SITE_LIMIT_S
from wire.ids import ExamId, SiteId
from wire.messages import NEVER_NS
from wire.paper import Plan

T0 = 10**9 * SECOND
EXAM = Exam(
    ExamId("exam-1"),
    "Thi",
    Stage.DRAFT,
    1,
    T0,
    600,
    Plan(1800, 60, 1800, 20),
    10,
    2,
    (SiteId("a"),),
    b"s" * 32,
    0,
    release_sealed=b"sealed",
)
LEGAL = {
    ("draft", "seal", "sealed"), ("draft", "cancel", "cancelled"), ("sealed", "arm", "armed"),
    ("sealed", "cancel", "cancelled"), ("armed", "release", "released"), ("armed", "cancel", "cancelled"),
    ("released", "open", "open"), ("released", "cancel", "cancelled"), ("open", "close", "closing"),
    ("open", "cancel", "cancelled"), ("closing", "finish", "closed"), ("closed", "mark", "marked"),
    ("sealed", "move", "sealed"), ("armed", "move", "armed"), ("armed", "open", "open"),
    ("armed", "switch", "armed"), ("released", "switch", "released"), ("open", "switch", "released"),
    ("marked", "mark", "marked"), ("marked", "publish", "published"), ("published", "mark", "marked"),
}  # fmt: skip


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("action", list(Action))
def test_every_step_is_either_in_the_table_or_refused(stage: Stage, action: Action) -> None:
    legal = {after for before, by, after in LEGAL if (before, by) == (stage, action)}
    if legal:
        assert after(stage, action) in legal
    else:
        with pytest.raises(IllegalStep):
            after(stage, action)


def test_the_table_knows_every_stage() -> None:
    assert set(TRANSITIONS) == set(Stage)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        (Stage.DRAFT, None),
        (Stage.SEALED, None),
        (Stage.ARMED, (Action.RELEASE, T0 - 60 * SECOND)),
        (Stage.RELEASED, (Action.OPEN, T0)),
        (Stage.OPEN, (Action.CLOSE, T0 + 600 * SECOND)),
        (Stage.CLOSED, (Action.MARK, 0)),
        (Stage.MARKED, None),
        (Stage.PUBLISHED, None),
        (Stage.CANCELLED, None),
    ],
)
def test_time_brings_the_next_step(stage: Stage, step: tuple[Action, int] | None) -> None:
    assert due(msgspec.structs.replace(EXAM, stage=stage)) == step


def test_an_exam_whose_secret_only_officers_hold_opens_without_a_release_of_ours() -> None:
    held = msgspec.structs.replace(EXAM, stage=Stage.ARMED, release_sealed=None)
    assert due(held) == (Action.OPEN, T0)


def test_what_time_brings_is_never_ordered_by_people_but_marking() -> None:
    brought = {step[0] for stage in Stage if (step := due(msgspec.structs.replace(EXAM, stage=stage)))}
    assert brought & ORDERS == {Action.MARK}


@pytest.mark.parametrize(
    ("window", "begins_s"),
    [
        (SiteWindow(SiteId("a"), "ready", T0, T0, "synced", T0 + 600 * SECOND), None),
        (SiteWindow(SiteId("a"), "missing"), None),
        (SiteWindow(SiteId("a"), "sent"), 1800),
        (SiteWindow(SiteId("a"), "ready", T0, T0), 0),
        (SiteWindow(SiteId("a"), "missing", T0, T0 + 3000 * SECOND), 3000),
        (SiteWindow(SiteId("a"), "ready", T0 - SECOND, T0 - 1), 1800),
        (SiteWindow(SiteId("a"), "ready", T0, NEVER_NS, "blind"), 1800),
        (SiteWindow(SiteId("a"), "ready", candidates=0), None),
        (SiteWindow(SiteId("a"), "ready", T0, T0, candidates=0), 0),
        (SiteWindow(SiteId("a"), "ready", candidates=0, reserve_read_ns=T0 + 900 * SECOND), 2700),
        (SiteWindow(SiteId("a"), "ready", T0, T0, reserve_read_ns=T0 + 900 * SECOND), 2700),
        (
            SiteWindow(SiteId("a"), "ready", T0, T0, "synced", T0 + 600 * SECOND, reserve_read_ns=T0 + 900 * SECOND),
            2700,
        ),
        (
            SiteWindow(SiteId("a"), "ready", T0, T0, "synced", T0 + 1700 * SECOND, reserve_read_ns=T0 + 900 * SECOND),
            None,
        ),
    ],
    ids=[
        "closed",
        "no package",
        "sent",
        "opened",
        "opened after the cap",
        "early by its own clock",
        "blind",
        "nobody sits there",
        "nobody of ours sits there",
        "reserve for a guest",
        "reserve read out",
        "reserve read out after its closing",
        "closed with the reserve",
    ],
)
def test_a_closing_exam_waits_for_every_site_that_may_still_write(window: SiteWindow, begins_s: int | None) -> None:
    closing = msgspec.structs.replace(EXAM, stage=Stage.CLOSING)
    late = 600 if begins_s is None else begins_s + 600 + UNTOLD_GRANTS_S + UNTOLD_STOP_S + 20 + 5
    assert due(closing, (window,)) == (Action.FINISH, T0 + late * SECOND)


def test_a_rehearsal_waits_for_no_time_that_a_silent_site_may_have_given_itself() -> None:
    rehearsal = msgspec.structs.replace(EXAM, stage=Stage.CLOSING, kind=ExamKind.REHEARSAL)
    late = (1800 + 600 + 20 + 5) * SECOND
    assert due(rehearsal, (SILENT,)) == (Action.FINISH, T0 + late)


CLOSING = msgspec.structs.replace(EXAM, stage=Stage.CLOSING)
END = T0 + 600 * SECOND
TOLD = SiteWindow(SiteId("a"), "ready", T0, T0, "synced", END)
SILENT = SiteWindow(SiteId("b"), "ready")


def free_ns(*windows: SiteWindow) -> int:
    step = due(CLOSING, (TOLD, *windows))
    assert step is not None
    assert step[0] is Action.FINISH
    return step[1]


def test_the_key_waits_for_whoever_a_silent_site_that_opened_last_gave_all_it_may_give() -> None:
    opened = T0 + 1800 * SECOND
    last = opened + (600 + SITE_LIMIT_S + CANDIDATE_LIMIT_S) * SECOND
    assert free_ns(SILENT) > last
    known = msgspec.structs.replace(SILENT, extra_s=300)
    assert free_ns(known) - free_ns(SILENT) == 300 * SECOND


def test_the_key_waits_through_a_stop_of_half_an_hour_that_a_silent_site_did_not_tell_of() -> None:
    opened = T0 + 1800 * SECOND
    assert free_ns(SILENT) > opened + (600 + SITE_LIMIT_S + CANDIDATE_LIMIT_S + 1800) * SECOND


def test_the_key_is_free_half_a_minute_after_the_last_silent_site_is_closed_by_protocol() -> None:
    other = msgspec.structs.replace(SILENT, site=SiteId("c"))
    given_up = msgspec.structs.replace(SILENT, given_up_ns=END)
    assert free_ns(given_up, other) == free_ns(SILENT)
    last = msgspec.structs.replace(other, given_up_ns=END + SECOND)
    assert free_ns(given_up, last) == END + (1 + UNDO_S) * SECOND
    assert free_ns(msgspec.structs.replace(last, closed_ns=END + 2 * SECOND)) == END


def test_a_protocol_from_before_the_end_that_the_site_has_told_since_does_not_count() -> None:
    opened = SiteWindow(SiteId("b"), "ready", T0 + 900 * SECOND, T0 + 901 * SECOND, "synced")
    told = msgspec.structs.replace(opened, given_up_ns=END + SECOND)
    assert free_ns(told) == free_ns(opened) > END + 901 * SECOND


def test_a_protocol_does_not_count_for_the_reserve_paper_that_is_read_out_after_it() -> None:
    read = msgspec.structs.replace(SILENT, reserve_read_ns=END + 2 * SECOND)
    assert free_ns(msgspec.structs.replace(read, given_up_ns=END + SECOND)) == free_ns(read)
    assert may_give_up_ns(EXAM, read) == END + 2 * SECOND + 600 * SECOND


@pytest.mark.parametrize(
    ("window", "may"),
    [
        (SILENT, END),
        (SiteWindow(SiteId("b"), "ready", T0 - 9 * SECOND, T0 - SECOND, "loose"), END),
        (SiteWindow(SiteId("b"), "ready", T0, T0 + 900 * SECOND, "synced"), END + 900 * SECOND),
        (SiteWindow(SiteId("b"), "ready", T0, NEVER_NS, "blind"), END),
        (msgspec.structs.replace(SILENT, extra_s=120), END + 120 * SECOND),
        (msgspec.structs.replace(SILENT, extra_s=STOPPED_S), END),
    ],
    ids=["silent", "early", "late", "blind", "extra time", "stopped"],
)
def test_a_silent_site_may_be_closed_by_protocol_from_its_own_end_on(window: SiteWindow, may: int) -> None:
    assert may_give_up_ns(EXAM, window) == may


@pytest.mark.parametrize(
    ("window", "ends"),
    [
        (SiteWindow(SiteId("a"), "ready", T0 + SECOND, T0 + 2 * SECOND, "synced"), T0 + 604 * SECOND),
        (SiteWindow(SiteId("a"), "ready", T0 - 2 * SECOND, T0 - SECOND, "loose"), T0 + 602 * SECOND),
        (SiteWindow(SiteId("a"), "ready", T0, T0, "blind"), None),
        (SiteWindow(SiteId("a"), "ready"), None),
    ],
)
def test_a_site_has_the_full_length_from_its_own_opening(window: SiteWindow, ends: int | None) -> None:
    assert window_ends_ns(EXAM, window) == ends


def test_results_and_the_release_never_overlap() -> None:
    assert not KEY_FREE & SECRET_OUT
