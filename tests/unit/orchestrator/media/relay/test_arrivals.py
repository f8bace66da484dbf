"""Telling a publisher when its packets came: bytes worked out by hand from the draft, and what they say in all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.media.relay.arrivals import DUE_PACKETS, DUE_S, LONGEST_RUN, TICKS, Arrivals
from orchestrator.media.relay.rtp import Arrival
from tests.doubles.transport_feedback import read

VIDEO, REPAIR, AUDIO = 102, 103, 111
SENDER, SOURCE = 0x01020304, 0x0A0B0C0D


def packet(sequence: int, kind: int = VIDEO, number: int = 3, before: bytes = b"") -> Arrival:
    """``before``: another element of the same block."""
    elements = before + bytes((number << 4 | 1, sequence >> 8 & 0xFF, sequence & 0xFF))
    elements += bytes(-len(elements) % 4)
    block = b"\xbe\xde" + (len(elements) // 4).to_bytes(2, "big") + elements
    return Arrival(kind, 0, 1, 90, SOURCE, b"x", block)


def fed(arrivals: Arrivals, *came: tuple[int, int]) -> list[str]:
    """Each a number and a tick; what is told then, as hexadecimal without its first twelve bytes (head and SSRCs)."""
    for sequence, tick in came:
        arrivals.note(packet(sequence), (tick + 0.5) / TICKS)
    return [one[12:].hex(" ", -2) for one in arrivals.feedback(SENDER, 0.0)]


def test_three_packets_in_a_row_are_a_run_and_a_byte_each() -> None:
    arrivals = Arrivals({VIDEO: 3})
    for sequence, came in ((5, 64.0), (6, 64.01), (7, 64.03)):
        arrivals.note(packet(sequence), came + 0.0001)
    (told,) = arrivals.feedback(SENDER, 0.0)
    head = "afcd0006 01020304 0a0b0c0d"
    assert told.hex() == (head + "0005 0003 0003e8 00" + "2003" + "00 28 50" + "00 00 03").replace(" ", "")


def test_what_fills_its_words_is_not_padded() -> None:
    arrivals = Arrivals({VIDEO: 3})
    assert fed(arrivals, (5, 256), (6, 256)) == ["0005 0002 0000 0100 2002 0000"]
    arrivals.note(packet(7), 0.064)
    arrivals.note(packet(8), 0.064)
    assert arrivals.feedback(SENDER, 0.0)[0][0] == 0x8F


def test_across_the_wrap_a_missing_one_and_a_large_delta_take_two_bits_each() -> None:
    # Statuses 1 0 1 2: 11 01 00 01 10 00 00 00.
    told = fed(Arrivals({VIDEO: 3}), (0xFFFE, 5 * 256 + 10), (0, 5 * 256 + 265), (1, 5 * 256 + 521))
    assert told == ["fffe 0004 0000 0500 d180 0aff 0100 0002"]


def test_one_that_overtook_another_has_a_negative_delta() -> None:
    # Statuses 1 2: 11 01 10 00 00 00 00 00; 300 is 44 after the reference of 256.
    assert fed(Arrivals({VIDEO: 3}), (1, 290), (0, 300)) == ["0000 0002 0000 0100 d800 2cff f600 0003"]


def test_small_deltas_with_a_gap_take_one_bit_each() -> None:
    # Statuses 1 0 1 1: 10 1011 and ten zeros.
    assert fed(Arrivals({VIDEO: 3}), (9, 0), (11, 1), (12, 2)) == ["0009 0004 0000 0000 ac00 0001 0100 0003"]


def test_the_next_feedback_begins_where_the_last_ended_and_is_counted() -> None:
    arrivals = Arrivals({VIDEO: 3})
    fed(arrivals, (7, 0))
    # Statuses 0 1: 10 01 and twelve zeros.
    assert fed(arrivals, (9, 256)) == ["0008 0002 0000 0101 9000 0001"]
    # 221 missing, as in the draft's example of a run, and one that came.
    assert fed(arrivals, (231, 256)) == ["000a 00de 0000 0102 00dd 2001 0000 0003"]


def test_of_one_told_as_missing_only_that_it_came_is_told_later() -> None:
    arrivals = Arrivals({VIDEO: 3})
    fed(arrivals, (7, 0), (12, 0))
    assert fed(arrivals, (10, 256), (9, 256), (13, 257), (11, 512)) == [
        "0009 0003 0000 0101 d600 0000 0100 0002",
        "000d 0001 0000 0102 2001 0101",
    ]


def test_what_no_delta_can_tell_is_told_apart() -> None:
    assert fed(Arrivals({VIDEO: 3}), (1, 0), (3, 256 * 128), (4, 256 * 256)) == [
        "0001 0001 0000 0000 2001 0001",
        "0002 0002 0000 8001 9000 0001",
        "0004 0001 0001 0002 2001 0001",
    ]


def test_the_reference_time_wraps_at_24_bits() -> None:
    assert fed(Arrivals({VIDEO: 3}), (1, (1 << 32) + 256)) == ["0001 0001 0000 0100 2001 0001"]


def test_a_gap_that_no_loss_explains_is_passed_over() -> None:
    arrivals = Arrivals({VIDEO: 3})
    assert [read(one).base for one in _told(arrivals, 1, 2, 3 + LONGEST_RUN, 5 + 2 * LONGEST_RUN)] == [
        1,
        5 + 2 * LONGEST_RUN,
    ]


def test_repairs_and_sound_are_of_the_same_numbers_and_others_of_none() -> None:
    arrivals = Arrivals({VIDEO: 3, REPAIR: 3, AUDIO: 5})
    arrivals.note(packet(1), 0.0)
    arrivals.note(packet(2, REPAIR, before=b"\x10a"), 0.0)
    arrivals.note(packet(3, AUDIO, number=5), 0.0)
    arrivals.note(packet(4, AUDIO, number=3), 0.0)
    arrivals.note(packet(5, 96), 0.0)
    arrivals.note(packet(6)._replace(extension=b""), 0.0)
    arrivals.note(packet(7)._replace(extension=b"\xbe\xde\x00\x01\x30\x01\x00\x00"), 0.0)
    (told,) = arrivals.feedback(SENDER, 0.0)
    assert (read(told).base, len(read(told).came)) == (1, 3)


def test_it_is_due_by_time_or_by_number_and_never_without_packets() -> None:
    arrivals = Arrivals({VIDEO: 3})
    assert not arrivals.due(10.0)
    assert arrivals.feedback(SENDER, 10.0) == []
    assert [arrivals.note(packet(n), 1.0) for n in range(DUE_PACKETS)] == [False] * (DUE_PACKETS - 1) + [True]
    assert not arrivals.due(10.0 + DUE_S - 0.01)
    assert arrivals.due(10.0 + DUE_S)


def _told(arrivals: Arrivals, *sequences: int) -> list[bytes]:
    for sequence in sequences:
        arrivals.note(packet(sequence & 0xFFFF), 0.0)
    return arrivals.feedback(SENDER, 0.0)


STEPS = st.one_of(st.just(1), st.integers(-3, 30), st.integers(-250, 250))
WAITS = st.one_of(st.integers(0, 300), st.integers(-20_000, 40_000))


@settings(max_examples=300)
@given(st.integers(0, 0xFFFF), st.lists(st.tuples(STEPS, WAITS, st.booleans()), min_size=1, max_size=120))
def test_what_is_told_is_what_came(first: int, steps: list[tuple[int, int, bool]]) -> None:
    arrivals, number, tick = Arrivals({VIDEO: 3}), (1 << 20) + first, 1 << 24
    came, told, missing, bases = dict[int, int](), dict[int, int](), set[int](), list[int]()

    def hear() -> None:
        for one in arrivals.feedback(SENDER, 0.0):
            heard = read(one)
            assert (heard.sender, heard.source, heard.count) == (SENDER, SOURCE, len(bases) & 0xFF)
            bases.append(number + (heard.base - number + 0x8000) % 0x10000 - 0x8000)
            for at, when in enumerate(heard.came, bases[-1]):
                assert at not in told
                if when is not None:
                    told[at] = when
                else:
                    assert at not in missing
                    missing.add(at)

    for step, wait, now in steps:
        number, tick = number + step, tick + wait
        if number not in came:
            came[number] = tick
            arrivals.note(packet(number & 0xFFFF), (tick + 0.5) / TICKS)
        if now:
            hear()
    hear()
    assert told == came
    assert set(range(bases[0], max(came))) <= told.keys() | missing
