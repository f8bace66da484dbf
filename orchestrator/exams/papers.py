"""From the bank to papers: which questions, and in which order under each code; all of it follows from one seed."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from orchestrator.exams.choice import Choice
from wire.ids import ExamId, ItemId, OptionId
from wire.paper import Item, Option, Paper, Picture

T = TypeVar("T")
FIRST_CODE = 101
MAX_CODES = 32


class Stored(msgspec.Struct, frozen=True):
    """A question of the bank as it is asked: plain text, options in the author's order, `right` and `pinned` by id.

    `images`: SHA-256 in hex, in the order of their marks; `pictures` holds them once the question is chosen."""

    id: ItemId
    text: str
    options: tuple[Option, ...]
    right: OptionId
    pinned: tuple[OptionId, ...] = ()
    topic: str = ""
    images: tuple[str, ...] = ()
    version: int = 1
    pictures: tuple[Picture, ...] = ()


class Lacking(ValueError):
    """The bank cannot give what was chosen: `topic` (None: the whole bank) holds `held` of `wanted` questions."""

    def __init__(self, held: int, wanted: int, topic: str | None = None) -> None:
        super().__init__(f"{wanted} questions asked of {held}")
        self.held = held
        self.wanted = wanted
        self.topic = topic


class Draw:
    """Reproducible fair choices from a seed: SHA-256 of seed ‖ label ‖ counter, rejection instead of remainders."""

    def __init__(self, seed: bytes, label: str) -> None:
        self._stem = hashlib.sha256(seed + b"\0" + label.encode()).digest()
        self._count = 0

    def below(self, limit: int) -> int:
        """A number in [0, limit)."""
        ceiling = 2**64 - 2**64 % limit
        while True:
            block = hashlib.sha256(self._stem + self._count.to_bytes(8, "big")).digest()
            self._count += 1
            number = int.from_bytes(block[:8], "big")
            if number < ceiling:
                return number % limit

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """A fair permutation (Fisher and Yates)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def code_names(count: int) -> tuple[str, ...]:
    """`101`, `102`, …"""
    return tuple(str(FIRST_CODE + place) for place in range(count))


def choose(bank: Sequence[Stored], count: int, seed: bytes, choice: Choice | None = None) -> list[Stored]:
    """The questions of `choice`, else any `count` of the bank, whatever order the bank came in; raises `Lacking`."""
    if choice is not None and choice.by_hand:
        return _by_hand(bank, choice)
    if choice is not None and choice.topics:
        return [
            one
            for share in choice.topics
            for one in _drawn([one for one in bank if one.topic == share.topic], share.questions, seed, share.topic)
        ]
    return _drawn(bank, count, seed)


def _by_hand(bank: Sequence[Stored], choice: Choice) -> list[Stored]:
    known = {one.id: one for one in bank}
    chosen = [known[wanted] for wanted in choice.by_hand if wanted in known]
    if len(chosen) < len(choice.by_hand):
        raise Lacking(len(chosen), len(choice.by_hand))
    return chosen


def _drawn(bank: Sequence[Stored], count: int, seed: bytes, topic: str | None = None) -> list[Stored]:
    if count > len(bank):
        raise Lacking(len(bank), count, topic)
    label = "choose" if topic is None else f"choose {topic}"
    return Draw(seed, label).shuffled(sorted(bank, key=lambda question: question.id))[:count]


def make_paper(exam: ExamId, code: str, chosen: Sequence[Stored], seed: bytes, *, in_order: bool = False) -> Paper:
    """The paper of one code: items shuffled unless `in_order`, options shuffled around the pinned ones, ids of this
    exam only, each image once."""
    draw = Draw(seed, f"code {code}")
    order = list(chosen) if in_order else draw.shuffled(chosen)
    pictures = {picture.id: picture for question in chosen for picture in question.pictures}
    items = tuple(_item(question, draw, seed) for question in order)
    return Paper(exam, code, items, tuple(pictures[name] for name in sorted(pictures)))


def answer_key(chosen: Sequence[Stored], seed: bytes) -> dict[ItemId, OptionId]:
    """The right option of each item, in the ids of this exam. It never goes into a paper."""
    return {item_id(seed, question.id): option_id(seed, question.right) for question in chosen}


def item_id(seed: bytes, bank_id: str) -> ItemId:
    """The id of a question within one exam: tells nothing about the bank or about another exam."""
    return ItemId(f"item-{_derived(seed, bank_id)}")


def option_id(seed: bytes, bank_id: str) -> OptionId:
    """The id of an option within one exam."""
    return OptionId(f"opt-{_derived(seed, bank_id)}")


def _derived(seed: bytes, bank_id: str) -> str:
    return base64.b32encode(hmac.new(seed, bank_id.encode(), hashlib.sha256).digest()).decode().lower()[:20]


def _item(question: Stored, draw: Draw, seed: bytes) -> Item:
    pinned = set(question.pinned)
    loose = iter(draw.shuffled([option for option in question.options if option.id not in pinned]))
    order = [option if option.id in pinned else next(loose) for option in question.options]
    return Item(
        id=item_id(seed, question.id),
        text=question.text,
        options=tuple(Option(option_id(seed, option.id), option.text) for option in order),
        pinned=tuple(option_id(seed, option.id) for option in order if option.id in pinned),
        images=tuple(picture.id for picture in question.pictures),
    )
