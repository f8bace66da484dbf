"""The number that a person gives: with its roll call, signed with the PIN, with a word when the centre asks."""

from pathlib import Path

import msgspec
import pytest

from site_agent.declaring import BELONGS_MS, DeclaredNumber, Declaring, NotDeclared
from site_agent.exam.invigilation.pin import InvigilatorPin
from site_agent.exam.invigilation.pin_door import PinDoor, PinRefused
from site_agent.link.outbox import OutboxRefused
from site_agent.questions import Questions
from site_agent.state import CountedView, SiteName, SiteState, SiteView
from wire.codec import decode_up, encode
from wire.heartbeat import MOST_ASKED, Heartbeat
from wire.ids import RollCallId, SessionId, SiteId
from wire.messages import DeclaredCount
from wire.rooms import CountQuestion, CountQuestionWithdrawn

PIN = "482915"
NOW_MS = 10**10
QUESTION = CountQuestion(
    roll_call=RollCallId("roll-1"), session=SessionId("s"), at_ns=5_000_000, expected=40, camera=31, declared=None
)


class Desk:
    """A site's desk without its page; `faults` are what the disk says next."""

    def __init__(self, home: Path) -> None:
        self.kept: list[DeclaredCount] = []
        self.faults: list[Exception] = []
        self.seconds = 0.0
        self.pin = InvigilatorPin(home)
        self.state = SiteState(SiteView(site=SiteName(SiteId("site-a"), "A", "Trường A")))
        self.questions = Questions(home, self.state)
        self.door = PinDoor(self.pin, lambda: self.seconds)
        self.declaring = Declaring(self._keep, self.door, self.questions, self.state, lambda: NOW_MS * 1_000_000)

    async def _keep(self, record: DeclaredCount) -> None:
        for fault in self.faults:
            raise fault
        self.kept.append(record)

    def counted(self, roll_call: str, ago_ms: int = 0) -> None:
        self.state.put(counted=CountedView(RollCallId(roll_call), NOW_MS - ago_ms, 31, ""))

    async def signs(self, pin: str = PIN, roll_call: str | None = None, word: str = "") -> None:
        said = DeclaredNumber(38, roll_call=roll_call, who="Nguyễn Thị Hoa", pin=pin, word=word)
        await self.declaring.declare(said)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_a_signed_number_carries_the_name_and_the_newest_roll_call(desk: Desk) -> None:
    desk.pin.choose(PIN)
    desk.counted("roll-1")
    await desk.signs()
    assert desk.kept == [
        DeclaredCount(
            roll_call=RollCallId("roll-1"), number=38, at_ns=NOW_MS * 1_000_000, signed_by="Nguyễn Thị Hoa", word=""
        )
    ]


async def test_whoever_signs_first_chooses_the_pin(desk: Desk) -> None:
    with pytest.raises(PinRefused, match="6 to 12 digits"):
        await desk.signs(pin="1111")
    await desk.signs()
    assert desk.pin.fits(PIN)
    assert len(desk.kept) == 1


async def test_a_number_may_be_sent_unsigned_and_then_names_nobody(desk: Desk) -> None:
    await desk.declaring.declare(DeclaredNumber(38))
    assert [(each.signed_by, each.roll_call) for each in desk.kept] == [("", None)]


@pytest.mark.parametrize("listed", [35, 0, None])
async def test_who_signed_the_list_goes_with_the_number_where_somebody_counted(desk: Desk, listed: int | None) -> None:
    shown = await desk.declaring.declare(DeclaredNumber(38, listed=listed))
    assert [(each.number, each.listed) for each in desk.kept] == [(38, listed)]
    assert (shown.number, shown.listed) == (38, listed)


async def test_the_answer_to_a_question_may_set_the_list_right(desk: Desk) -> None:
    desk.pin.choose(PIN)
    await desk.questions.on_question(msgspec.structs.replace(QUESTION, declared=38, signed_in=3))
    assert [each.signed_in for each in desk.state.view.questions] == [3]
    answer = DeclaredNumber(
        38, roll_call="roll-1", who="Nguyễn Thị Hoa", pin=PIN, word="Ghi thiếu một chữ số", listed=38
    )
    await desk.declaring.declare(answer)
    assert [(each.roll_call, each.listed) for each in desk.kept] == [("roll-1", 38)]


async def test_a_roll_call_of_yesterday_is_not_meant(desk: Desk) -> None:
    desk.counted("roll-1", ago_ms=BELONGS_MS + 1)
    await desk.declaring.declare(DeclaredNumber(38))
    assert desk.kept[0].roll_call is None


@pytest.mark.parametrize(("who", "pin"), [("Hoa", ""), ("", PIN), ("   ", PIN)])
async def test_half_a_signature_is_none(desk: Desk, who: str, pin: str) -> None:
    desk.pin.choose(PIN)
    with pytest.raises(NotDeclared):
        await desk.declaring.declare(DeclaredNumber(38, who=who, pin=pin))
    assert desk.kept == []


async def test_wrong_pins_are_limited_and_the_right_one_waits_too(desk: Desk) -> None:
    desk.pin.choose(PIN)
    for _ in range(5):
        with pytest.raises(PinRefused) as wrong:
            await desk.signs(pin="482916")
        assert wrong.value.code == "wrong_pin"
    with pytest.raises(PinRefused) as waits:
        await desk.signs()
    assert (waits.value.code, waits.value.status) == ("wait", 429)
    assert desk.kept == []
    desk.seconds += 61
    await desk.signs()
    assert len(desk.kept) == 1


async def test_the_answer_to_a_question_needs_a_name_the_pin_and_a_word(desk: Desk) -> None:
    desk.pin.choose(PIN)
    await desk.questions.on_question(QUESTION)
    with pytest.raises(NotDeclared) as unsigned:
        await desk.declaring.declare(DeclaredNumber(38, roll_call="roll-1", word="Hai người về sớm"))
    with pytest.raises(NotDeclared) as wordless:
        await desk.signs(roll_call="roll-1", word=" ? ")
    assert (unsigned.value.code, wordless.value.code) == ("unsigned", "no_word")
    assert len(desk.state.view.questions) == 1
    await desk.signs(roll_call="roll-1", word="Hai người về sớm")
    assert (desk.kept[0].roll_call, desk.kept[0].word) == ("roll-1", "Hai người về sớm")
    assert list(desk.state.view.questions) == []


async def test_a_disk_that_refuses_leaves_the_question_open(desk: Desk) -> None:
    desk.pin.choose(PIN)
    await desk.questions.on_question(QUESTION)
    desk.faults.append(OutboxRefused("disk_full", "full"))
    with pytest.raises(OutboxRefused):
        await desk.signs(roll_call="roll-1", word="Hai người về sớm")
    assert len(desk.state.view.questions) == 1


async def test_a_question_outlives_a_restart_and_is_asked_once(desk: Desk, tmp_path: Path) -> None:
    desk.pin.choose(PIN)
    await desk.questions.on_question(QUESTION)
    again = Desk(tmp_path)
    assert [each.roll_call for each in again.state.view.questions] == ["roll-1"]
    await again.signs(roll_call="roll-1", word="Hai người về sớm")
    for desk_now in (again, Desk(tmp_path)):
        await desk_now.questions.on_question(QUESTION)
        assert desk_now.state.view.questions == ()


async def test_a_question_that_is_taken_back_leaves_the_desk_for_good(desk: Desk, tmp_path: Path) -> None:
    other = msgspec.structs.replace(QUESTION, roll_call=RollCallId("roll-2"))
    for question in (QUESTION, other):
        await desk.questions.on_question(question)
    assert desk.questions.open() == ["roll-1", "roll-2"]
    for roll_call in ("roll-1", "roll-9"):
        await desk.questions.on_withdrawn(CountQuestionWithdrawn(roll_call=RollCallId(roll_call)))
    assert [each.roll_call for each in Desk(tmp_path).state.view.questions] == ["roll-2"]
    await desk.declaring.declare(DeclaredNumber(38, roll_call="roll-1"))
    assert [(each.roll_call, each.signed_by) for each in desk.kept] == [("roll-1", "")]


async def test_a_question_that_was_taken_back_may_be_asked_again(desk: Desk) -> None:
    await desk.questions.on_question(QUESTION)
    await desk.questions.on_withdrawn(CountQuestionWithdrawn(roll_call=QUESTION.roll_call))
    await desk.questions.on_question(QUESTION)
    assert desk.questions.open() == ["roll-1"]


async def test_a_desk_never_names_more_questions_than_a_heartbeat_carries(desk: Desk) -> None:
    for number in range(MOST_ASKED + 3):
        await desk.questions.on_question(msgspec.structs.replace(QUESTION, roll_call=RollCallId(f"roll-{number}")))
    beat = Heartbeat(at_ns=1, agent_version="1", asked=desk.questions.open())
    assert decode_up(encode(beat)) == beat
    assert beat.asked[-1] == f"roll-{MOST_ASKED + 2}"


async def test_the_same_roll_call_is_asked_about_again_when_its_numbers_changed(desk: Desk) -> None:
    desk.pin.choose(PIN)
    await desk.questions.on_question(QUESTION)
    await desk.signs(roll_call="roll-1", word="Hai người về sớm")
    changed = CountQuestion(
        roll_call=RollCallId("roll-1"), session=SessionId("s"), at_ns=5_000_000, expected=40, camera=31, declared=38
    )
    await desk.questions.on_question(changed)
    assert [each.declared for each in desk.state.view.questions] == [38]
