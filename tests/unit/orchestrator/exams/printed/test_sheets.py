"""What was read off a paper sheet, as events that marking reads."""

import pytest

from orchestrator.exams.ingest import journal_event
from orchestrator.exams.marks import CandidateState, Heard, read_sheet
from orchestrator.exams.printed.sheets import events
from wire.ids import EnrolmentId, ExamId, ItemId, OptionId


@pytest.mark.parametrize("reserve", [False, True])
def test_a_sheet_of_the_reserve_paper_is_marked_as_one(reserve: bool) -> None:
    chosen = {ItemId("i1"): OptionId("a"), ItemId("i2"): OptionId("b")}
    chain = events(ExamId("exam-1"), "0001", chosen, 5, "sheet-1", reserve=reserve)
    sheet = read_sheet([Heard(journal_event(one), one.prev, one.hash, EnrolmentId("sheet-1")) for one in chain], 1)
    assert (sheet.answers, sheet.state, sheet.switched) == (chosen, CandidateState.HANDED_IN, reserve)
    assert sheet.ended_by == chain[-1].hash
