"""Which questions an exam asks: so many of each topic, a list by hand, or so many of the whole bank. Pure."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from wire.ids import ItemId


class ExamKind(StrEnum):
    """What an exam is for. A rehearsal asks the built-in questions, counts for nothing and stands in no results."""

    EXAM = "exam"
    REHEARSAL = "rehearsal"


class TopicShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many questions of one topic."""

    topic: str
    questions: int


class Choice(msgspec.Struct, frozen=True):
    """At most one of `topics` and `by_hand` is filled; neither: any questions of the bank.

    `in_order`: the questions stand in every code as they stand here; options are shuffled all the same."""

    topics: tuple[TopicShare, ...] = ()
    by_hand: tuple[ItemId, ...] = ()
    in_order: bool = False

    def count(self, of_bank: int) -> int:
        """How many questions this asks for; `of_bank` where nothing is chosen."""
        if self.topics:
            return sum(share.questions for share in self.topics)
        return len(self.by_hand) or of_bank


def choice_faults(choice: Choice) -> list[str]:
    """Why a choice cannot be drawn from any bank, in Vietnamese."""
    faults = []
    if choice.topics and choice.by_hand:
        faults.append("chỉ chọn câu theo chủ đề hoặc theo danh sách, không cả hai")
    if any(share.questions < 1 for share in choice.topics):
        faults.append("số câu của mỗi chủ đề phải từ 1")
    if _repeated([share.topic for share in choice.topics]):
        faults.append("một chủ đề được ghi hai lần")
    if _repeated(choice.by_hand):
        faults.append("một câu hỏi được chọn hai lần")
    return faults


def _repeated(things: Sequence[str]) -> bool:
    return len(set(things)) < len(things)
