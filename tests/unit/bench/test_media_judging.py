"""What the lecture's bench is content with, and what it is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.bench.media_judging import Row, beside_goals, flatness, growing_goals, lost_of, lost_share, ratio, table

GCM, AES = "AEAD_AES_128_GCM", "AES128_CM_SHA1_80"
SENT, EDGE = 3320, 83


def row(what: str = "relay", profile: str = GCM, viewers: int = 80, **other: Any) -> Row:
    good = Row(what, profile, viewers, 332.0 * viewers, 0.2, 9.0, 0.0, 5.0, 9.0, 0.3, 0.2, 0, 0, 0.05, 0.001, 200)
    return msgspec.structs.replace(good, **other)


BESIDE = [row("janus", AES, per_packet_us=30.0), row("relay", AES), row()]
GROWING = [row(viewers=40), row(), row(viewers=164), row(viewers=320, busy=0.92, lost=0.4, per_packet_us=99.0)]


def missed(goals: dict[str, bool]) -> list[str]:
    return [goal for goal, reached in goals.items() if not reached]


def test_a_viewer_who_got_nothing_or_no_more_has_lost_all_that_was_missing() -> None:
    assert lost_of(SENT, 0, SENT, EDGE) == 0
    assert lost_of(SENT - 3, 3, SENT, EDGE) == 3
    assert lost_of(SENT - 60, 0, SENT, EDGE) == 0, "under way at the edges of the window"
    assert lost_of(0, 0, SENT, EDGE) == SENT
    assert lost_of(SENT // 2, 0, SENT, EDGE) == SENT // 2
    assert lost_share([(SENT, 0)] * 79 + [(0, 0)], SENT, EDGE) == pytest.approx(1 / 80)
    assert lost_share([(0, 0)] * 80, SENT, EDGE) == 1.0
    assert lost_share([], SENT, EDGE) == 1.0


def test_good_figures_are_reached() -> None:
    assert missed(beside_goals(BESIDE, (AES, GCM))) == []
    assert missed(growing_goals(GROWING, 80)) == []
    assert flatness(GROWING, 80) == (164, 1.0)
    assert table(BESIDE).count("\n") == 3


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"lost": 0.001}, "nothing lost"),
        ({"silent": 1}, "no viewer got nothing"),
        ({"opened": 0}, "what came could be opened"),
        ({"crowd_cores": 0.97}, "no process of the load used 0.9 of a core"),
        ({"speaker_cores": 0.97}, "no process of the load used 0.9 of a core"),
        ({"late_s": 0.6}, "the lecturer kept its pace"),
        ({"drops": 7}, "the crowd's sockets dropped nothing"),
    ],
)
def test_each_fault_is_named_in_both_tables(fault: dict[str, Any], named: str) -> None:
    bad = row(**fault)
    assert missed(beside_goals([*BESIDE[:2], bad], (AES, GCM))) == [f"beside Janus: {named}"]
    assert missed(growing_goals([row(), bad, row(viewers=164)], 80)) == [f"with more and more viewers: {named}"]


def test_a_third_of_what_janus_takes_and_no_more_is_reached() -> None:
    assert ratio(BESIDE, GCM) == pytest.approx(0.3)
    dear = [*BESIDE[:2], row(per_packet_us=10.1)]
    assert missed(beside_goals(dear, (AES, GCM))) == [f"CPU per packet at most a third of Janus's ({GCM})"]
    assert missed(beside_goals([*BESIDE, row(busy=0.97)], (AES, GCM))) == [
        "beside Janus: the machine at most 80 % busy"
    ]
    assert missed(beside_goals([*BESIDE, row("janus", AES, lost=0.1, per_packet_us=30.0)], (AES, GCM))) == [
        "Janus: nothing lost"
    ]


def test_what_was_not_measured_is_not_reached() -> None:
    assert not any(beside_goals([], (AES, GCM)).values())
    assert not any(growing_goals([], 80).values())
    flat = "CPU per packet at the largest count at most 1.2 times that at 80"
    assert missed(growing_goals([row(viewers=40), row()], 80)) == [flat], "nothing larger than 80 fits"
    assert missed(growing_goals([row(busy=0.85), row(viewers=164)], 80)) == [flat]
    assert missed(growing_goals([row(), row(viewers=164, per_packet_us=11.0)], 80)) == [flat]
