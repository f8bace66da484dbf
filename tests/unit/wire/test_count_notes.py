"""What stands beside a head count is read from its signed settings, and never guessed."""

import msgspec
import pytest

from tests.unit.wire.test_evidence import EVIDENCE
from wire.count_notes import CountNotes, hand_word, notes_of, read_notes, still_word
from wire.evidence import evidence_bytes


def test_what_was_written_is_read() -> None:
    settings = f"yunet top=5000 polygon=4:ab12 reference {hand_word(1.254)} {still_word(3)} picture=none"
    assert read_notes(settings) == CountNotes(still=3, hand_ratio=1.25)
    assert read_notes(f"{hand_word(0.5)}") == CountNotes(hand_ratio=0.5)


@pytest.mark.parametrize(
    "settings",
    ["", "yunet score=0.60", "still= hand=", "still=-1 hand=-1.00", "distill=3 behand=1.00", "still=3x hand=1.234",
     "still=12345678 hand=nan", "still=٣ hand=١.٠٠"],
)  # fmt: skip
def test_what_an_older_agent_did_not_write_or_nobody_can_read_is_not_known(settings: str) -> None:
    assert read_notes(settings) == CountNotes()


def test_notes_are_found_in_evidence_and_in_nothing_else() -> None:
    settled = msgspec.structs.replace(EVIDENCE, settings=f"yunet {still_word(2)}")
    assert notes_of(evidence_bytes(settled)) == CountNotes(still=2)
    assert notes_of(evidence_bytes(settled) + b"\xc0") == CountNotes()
    assert notes_of(b"") == CountNotes()
