"""The table of an order's states, and what may be ordered."""

from itertools import product

import pytest

from orchestrator.errors import Refused
from orchestrator.orders.model import (
    MINUTE_NS,
    OPEN,
    TRANSITIONS,
    UNDO_NS,
    Author,
    OrderState,
    Step,
    Told,
    Wish,
    after,
    hold_ns,
    order_of,
)
from wire.ids import OrderId, SiteId
from wire.orders import OrderKind

S, T = OrderState, Step
A, B = SiteId("site-a"), SiteId("site-b")
WHO = Author("person-1", "truchoi", "Trần Văn Trực", "operator")
NOW = 1_800_000_000 * 10**9

ENDS = {T.DO: S.DONE, T.FAIL: S.FAILED, T.EXPIRE: S.EXPIRED, T.NOT_KNOW: S.UNSUPPORTED}
LEGAL = {
    (S.HELD, T.LEAVE): S.WAITING,
    (S.HELD, T.UNDO): S.UNDONE,
    (S.WAITING, T.SEND): S.SENT,
    (S.WAITING, T.UNDO): S.UNDONE,
    (S.SENT, T.SEND): S.SENT,
    (S.SENT, T.SEE): S.TAKEN,
    (S.TAKEN, T.SEND): S.TAKEN,
    (S.EXPIRED, T.DO): S.DONE,
    (S.EXPIRED, T.FAIL): S.FAILED,
    **{(state, step): end for state in (S.WAITING, S.SENT, S.TAKEN) for step, end in ENDS.items()},
}


@pytest.mark.parametrize(("state", "step"), list(product(S, T)))
def test_every_state_knows_every_step(state: OrderState, step: Step) -> None:
    assert after(state, step) == LEGAL.get((state, step))


def test_the_table_names_every_state() -> None:
    assert set(TRANSITIONS) == set(OrderState)


def test_a_step_that_is_not_possible_changes_nothing() -> None:
    assert Told(S.DONE).stepped(T.DO, NOW) is None
    assert Told(S.SENT).stepped(T.UNDO, NOW) is None


def test_a_standing_remembers_when_it_was_sent_seen_and_ended_and_how_often() -> None:
    told: Told | None = Told()
    for at, step in enumerate((T.LEAVE, T.SEND, T.SEND, T.SEE, T.SEND, T.DO), 1):
        assert told is not None
        told = told.stepped(step, at)
    assert told == Told(S.DONE, sent_ns=5, seen_ns=4, ended_ns=6, times=3)


def test_an_answer_without_a_receipt_is_a_receipt_too() -> None:
    told = Told(S.SENT).stepped(T.FAIL, 7, "screen_silent")
    assert told == Told(S.FAILED, "screen_silent", seen_ns=7, ended_ns=7)


def test_what_is_open_has_no_end() -> None:
    assert all((state in OPEN) == (T.EXPIRE in steps or state is S.HELD) for state, steps in TRANSITIONS.items())


@pytest.mark.parametrize("kind", list(OrderKind))
def test_an_order_to_many_can_be_undone_for_five_seconds(kind: OrderKind) -> None:
    assert hold_ns(kind, 2) == UNDO_NS == 5 * 10**9


def test_one_site_is_told_at_once_but_not_to_restart_its_agent() -> None:
    held = {kind for kind in OrderKind if hold_ns(kind, 1)}
    assert held == {OrderKind.RESTART_AGENT}


def made(wish: Wish) -> str:
    try:
        order_of(wish, OrderId("order-1"), WHO, {A, B}, NOW)
    except Refused as refused:
        return refused.code
    return "made"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(OrderKind.RESTART_SCREEN, [A]), "made"),
        (Wish(OrderKind.RESTART_SCREEN, []), "no_site"),
        (Wish(OrderKind.RESTART_SCREEN, [A, A]), "no_such_site"),
        (Wish(OrderKind.RESTART_SCREEN, [SiteId("site-x")]), "no_such_site"),
        (Wish(OrderKind.RESTART_SCREEN, [A], minutes=0), "bad_expiry"),
        (Wish(OrderKind.RESTART_SCREEN, [A], minutes=8 * 24 * 60), "bad_expiry"),
        (Wish(OrderKind.RESTART_SCREEN, [A], scope="x" * 201), "bad_scope"),
        (Wish(OrderKind.NOTICE, [A], text_vi=" "), "bad_notice"),
        (Wish(OrderKind.NOTICE, [A], text_vi="x" * 301), "bad_notice"),
        (Wish(OrderKind.NOTICE, [A], text_vi="Nghỉ 10 phút"), "made"),
    ],
)
def test_a_wish_is_taken_or_refused_with_a_code(wish: Wish, code: str) -> None:
    assert made(wish) == code


def test_an_order_is_good_from_when_it_leaves() -> None:
    order = order_of(Wish(OrderKind.NOTICE, [A, B], minutes=3, text_vi="Nghỉ"), OrderId("o"), WHO, {A, B}, NOW)
    assert (order.leaves_ns, order.expires_ns) == (NOW + UNDO_NS, NOW + UNDO_NS + 3 * MINUTE_NS)
    assert (order.text_vi, order.text_en) == ("Nghỉ", "Nghỉ")


def test_a_roll_call_is_good_for_five_minutes_whatever_is_asked() -> None:
    order = order_of(Wish(OrderKind.ROLL_CALL, [A], minutes=600), OrderId("o"), WHO, {A}, NOW)
    assert order.expires_ns == NOW + 5 * MINUTE_NS
