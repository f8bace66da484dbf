"""Who is on air: decides, from who sends and what is ordered, which seat goes to the viewers. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import msgspec

from orchestrator.media.port import AirOrder, Want
from orchestrator.media.tokens import Seat


class Verdict(msgspec.Struct, frozen=True):
    """The seat to put on air, None while nobody sends, and the stable word why."""

    seat: Seat | None
    why: str


def judge(sending: AbstractSet[Seat], order: AirOrder, on_air: Seat | None) -> Verdict:
    """Choose among those who send; ``on_air`` is the seat whose pictures went out last.

    An ordered seat first. Then lecturer, standby (if armed), slate; but a standby that is on air stays there while it
    sends, unless the lecturer may come back without an order.
    """
    if order.want is not Want.AUTO:
        ordered = Seat(order.want.value)
        if ordered in sending:
            return Verdict(ordered, "ordered")
        found = _first(sending, order, on_air)
        return Verdict(found.seat, "ordered_silent" if found.seat is not None else found.why)
    return _first(sending, order, on_air)


def _first(sending: AbstractSet[Seat], order: AirOrder, on_air: Seat | None) -> Verdict:
    standby = Seat.STANDBY in sending and (order.standby_armed or order.want is Want.STANDBY)
    if Seat.LECTURER in sending:
        if standby and on_air is Seat.STANDBY and not order.auto_return:
            return Verdict(Seat.STANDBY, "standby_kept")
        return Verdict(Seat.LECTURER, "preferred")
    if standby:
        return Verdict(Seat.STANDBY, "lecturer_silent")
    if Seat.SLATE in sending:
        return Verdict(Seat.SLATE, "lecturer_silent")
    return Verdict(None, "nobody_sends")
