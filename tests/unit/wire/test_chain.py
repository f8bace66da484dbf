import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.chain import (
    GENESIS,
    ChainBroken,
    EventKind,
    JournalEvent,
    check_chain,
    event_bytes,
    next_hash,
    read_event,
    receipt,
)
from wire.ids import ExamId, ItemId, OptionId


def answer(seq: int, option: str = "o-1") -> JournalEvent:
    return JournalEvent(
        ExamId("exam-1"), "00017", seq, EventKind.ANSWER, ItemId("item-1"), OptionId(option), 10**18 + seq, 12, "s", seq
    )


def chained(*events: JournalEvent) -> list[tuple[JournalEvent, bytes, bytes]]:
    prev, links = GENESIS, []
    for event in events:
        links.append((event, prev, next_hash(prev, event)))
        prev = links[-1][2]
    return links


def test_the_canonical_form_is_an_array_of_the_ten_fields() -> None:
    assert msgspec.msgpack.decode(event_bytes(answer(3))) == [
        "exam-1", "00017", 3, "answer", "item-1", "o-1", 10**18 + 3, 12, "s", 3,
    ]  # fmt: skip


def test_the_hash_is_sha256_of_the_previous_hash_and_the_bytes() -> None:
    assert next_hash(GENESIS, answer(1)) == hashlib.sha256(bytes(32) + event_bytes(answer(1))).digest()


def test_an_event_reads_back_from_its_bytes() -> None:
    assert read_event(event_bytes(answer(2))) == answer(2)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x90", event_bytes(answer(1)) + b"\0", event_bytes(answer(1)).replace(b"\x0c", b"\xcc\x0c")],
    ids=["empty", "no fields", "more behind", "longer encoding"],
)
def test_other_bytes_than_canonical_ones_are_refused(content: bytes) -> None:
    with pytest.raises(ChainBroken):
        read_event(content)


def test_a_whole_chain_holds_and_gives_its_last_hash() -> None:
    links = chained(*(answer(seq) for seq in range(1, 6)))
    assert check_chain(links) == links[-1][2]
    assert check_chain(links[3:], prev=links[2][2], after=3) == links[-1][2]


@given(st.integers(0, 4), st.sampled_from(["drop", "swap", "change", "repeat"]))
def test_no_event_before_the_last_is_dropped_swapped_or_changed_unseen(place: int, fault: str) -> None:
    links = chained(*(answer(seq) for seq in range(1, 7)))
    if fault == "drop":
        del links[place]
    elif fault == "swap":
        links[place], links[place + 1] = links[place + 1], links[place]
    elif fault == "repeat":
        links.insert(place, links[place])
    else:
        event, prev, told = links[place]
        links[place] = (msgspec.structs.replace(event, option=OptionId("o-2")), prev, told)
    with pytest.raises(ChainBroken):
        check_chain(links)


def test_a_receipt_is_ten_characters_of_the_last_hash() -> None:
    assert receipt(bytes(32)) == "AAAAAAAAAA"
    assert receipt(b"\xff" * 32) == "7777777777"
    assert receipt(next_hash(GENESIS, answer(1))) != receipt(next_hash(GENESIS, answer(1, "o-2")))
