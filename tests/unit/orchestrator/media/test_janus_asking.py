"""What a Janus server was asked: bounded, answered once, never left open."""

from __future__ import annotations

import pytest

from orchestrator.media.janus.asking import Full, Questions


async def test_beyond_the_bound_only_signs_of_life_and_farewells_are_put() -> None:
    questions = Questions()
    open_ones = [questions.put("message", by_ack=False, most=2) for _ in range(2)]
    with pytest.raises(Full):
        questions.put("attach", by_ack=False, most=2)
    for kind in ("keepalive", "detach", "claim"):
        open_ones.append(questions.put(kind, by_ack=True, most=2))
    assert (len(questions), questions.refused) == (5, 1)
    for one in open_ones:
        questions.drop(one, answered=one.by_ack)
    assert (len(questions), questions.unanswered) == (0, 2)


async def test_an_acknowledgement_answers_only_whom_it_is_enough_for() -> None:
    questions = Questions()
    quick, slow = (questions.put("message", by_ack=by_ack, most=9) for by_ack in (True, False))
    for one in (quick, slow):
        assert questions.heard({"janus": "ack", "transaction": one.transaction})
    assert (quick.answer.done(), slow.answer.done()) == (True, False)
    told = {"janus": "event", "transaction": slow.transaction}
    assert questions.heard(told)
    assert slow.answer.result() == told
    assert questions.heard({"janus": "ack", "transaction": "of another"})
    assert not questions.heard({"janus": "event", "sender": 1})


async def test_a_broken_connection_answers_whatever_is_open() -> None:
    questions = Questions()
    one = questions.put("message", by_ack=False, most=9)
    questions.broke()
    assert one.answer.result()["janus"] == "error"
