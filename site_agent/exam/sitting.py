"""One candidate at one exam: what counts, and what a newly arrived message means. Pure.

A candidate may sign in again (a reload, another phone); each time is an epoch, and only the newest is live. Answers of
an older epoch may still arrive, because a page keeps what was not confirmed. They are kept, but do not undo what the
candidate chose later: the last ANSWER event per item in the chain is always the answer that counts.
"""

from dataclasses import dataclass, field

import msgspec

from wire.chain import GENESIS, EventKind, JournalEvent, receipt
from wire.exam_home import Seat
from wire.ids import ExamId, ItemId, OptionId


class Draft(msgspec.Struct, frozen=True):
    """What the desk asks the journal to write. `at_ns` is centre time, off by at most `bound_ms` (None: unknown);
    `live`: the window was open when it arrived; (`session`, `client_seq`) is the page's own key."""

    exam: ExamId
    candidate: str
    kind: EventKind
    at_ns: int
    bound_ms: int | None
    session: str
    client_seq: int
    epoch: int
    item: ItemId | None = None
    option: OptionId | None = None
    live: bool = True


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal as it stands on the disk. `row` counts over all candidates of the site."""

    row: int
    event: JournalEvent
    epoch: int
    prev: bytes
    hash: bytes


@dataclass(slots=True)
class Placed:
    """The answer that counts for an item, and the journal row that says so."""

    option: OptionId
    epoch: int
    client_seq: int
    row: int


@dataclass(slots=True)
class Sitting:
    """A candidate's state, folded from the journal's entries in order."""

    head: bytes = GENESIS
    length: int = 0
    epoch: int = 0
    answers: dict[ItemId, Placed] = field(default_factory=dict)
    handed_in: str | None = None
    ended: str | None = None
    opened: bool = False
    turned: bool = False

    def verdict(self, draft: Draft) -> EventKind:
        """The kind under which `draft` enters the chain: its own, or LATE or ASIDE when it does not count."""
        if draft.kind in (EventKind.SIGN_IN, EventKind.OPEN, EventKind.CLOSE, EventKind.SWITCH):
            return draft.kind
        if self.handed_in is not None:
            return EventKind.ASIDE
        if not draft.live or self.ended is not None:
            return EventKind.LATE
        if draft.kind is EventKind.HAND_IN:
            return draft.kind if draft.epoch >= self.epoch else EventKind.ASIDE
        placed = self.answers.get(draft.item) if draft.item is not None else None
        overtaken = placed is not None and (draft.epoch, draft.client_seq) < (placed.epoch, placed.client_seq)
        return EventKind.ASIDE if overtaken else draft.kind

    def take(self, entry: Entry) -> None:
        """Fold in the next entry of this candidate."""
        event = entry.event
        self.head, self.length = entry.hash, event.cand_seq
        if event.kind is EventKind.SIGN_IN:
            self.epoch = max(self.epoch, entry.epoch)
        elif event.kind is EventKind.ANSWER and event.item is not None and event.option is not None:
            self.answers[event.item] = Placed(event.option, entry.epoch, event.client_seq, entry.row)
        elif event.kind is EventKind.HAND_IN:
            self.handed_in = receipt(entry.hash)
        elif event.kind is EventKind.CLOSE:
            self.ended = receipt(entry.hash)
        elif event.kind is EventKind.OPEN:
            self.opened = True
        elif event.kind is EventKind.SWITCH and not self.turned:
            self.answers.clear()
            self.handed_in, self.ended, self.opened, self.turned = None, None, False, True

    def go_on(self, seat: Seat) -> None:
        """Take in what the candidate had written elsewhere. Whoever comes from another site goes on from there; whoever
        has begun anew on this computer keeps that chain and gets only the answers that are not given again."""
        moved = bool(seat.sealed_entry)
        if moved or self.length == 0:
            self.head, self.length, self.turned = seat.head, seat.length, seat.switched
        elif self.turned and not seat.switched:
            return  # begun anew on the reserve paper: what was brought is another paper's
        for item, option in seat.answers.items():
            if moved or item not in self.answers:
                self.answers[item] = Placed(option, 0, 0, 0)
        if seat.handed_in is not None:
            self.handed_in = receipt(seat.handed_in)

    def needs(self, kind: EventKind) -> bool:
        """Whether the desk's own mark (OPEN, CLOSE, SWITCH) is still missing from the chain."""
        if kind is EventKind.SWITCH:
            return not self.turned and self.length > 0
        if self.handed_in is not None or self.ended is not None:
            return False
        return not self.opened if kind is EventKind.OPEN else self.length > 0

    @property
    def receipt(self) -> str | None:
        """The receipt: of the hand-in, else of the close."""
        return self.handed_in or self.ended
