"""The rules by which alarms are raised and made louder. They are data: the centre keeps them, an administrator changes
them on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from orchestrator.alarms.model import Trouble

S = 10**9

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
Share = Annotated[float, msgspec.Meta(gt=0, le=1)]


class Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a finding must hold: before a cause common to many sites is looked for, before a site alone alarms.
    The first is shorter, so that the common alarm comes before the first of many single ones."""

    together_s: Seconds
    alone_s: Seconds


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nobody took an alarm of this severity or more within ``after_min``: louder on the wall, or told on more channels
    whatever these usually take."""

    after_min: Annotated[float, msgspec.Meta(gt=0, le=1440)]
    severity: Annotated[int, msgspec.Meta(ge=1, le=3)] = 2
    loud: bool = True
    channels: Annotated[tuple[str, ...], msgspec.Meta(max_length=20)] = ()


class Flapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that came or went ``enter`` times within ``window_s`` flaps until it did so ``leave`` times or less."""

    window_s: Annotated[float, msgspec.Meta(ge=60, le=7200)] = 600
    enter: Annotated[int, msgspec.Meta(ge=3, le=50)] = 6
    leave: Annotated[int, msgspec.Meta(ge=0, le=49)] = 2


DELAYS: dict[Trouble, Delay] = {
    Trouble.AWAY: Delay(8, 20),
    Trouble.FLAPPING: Delay(0, 0),
    Trouble.PICTURE: Delay(8, 25),
    Trouble.SOUND: Delay(10, 30),
    Trouble.CAMERA: Delay(60, 120),
    Trouble.CLOCK: Delay(20, 60),
    Trouble.EXAM: Delay(3, 8),
    Trouble.DISK: Delay(30, 60),
    Trouble.READINESS: Delay(30, 120),
    Trouble.RELAY: Delay(3, 3),
    Trouble.LECTURER: Delay(5, 5),
    Trouble.CHANNEL: Delay(0, 0),
    Trouble.RECORDING: Delay(3, 3),
    Trouble.UNARMED: Delay(20, 20),
}


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A common cause is seen when at least ``share`` of the sites that it reaches, and ``sites`` of them, have the same
    finding; a cause wider than a district also needs ``breadth`` of its districts hit. It is kept down to
    ``keep_share``, and ``settle_s`` longer: rooms come back one by one.

    ``clear_s``: how long all must be well before a site leaves its alarm. ``grace_s``: how long after the centre's
    start sites may take to come back. A site's own alarm that is older than ``absorb_s``, or that somebody has, is
    never swallowed by a common one. ``delays`` are those that differ from :data:`DELAYS`.
    """

    share: Share = 0.7
    keep_share: Share = 0.4
    breadth: Share = 0.6
    sites: Annotated[int, msgspec.Meta(ge=2, le=100)] = 3
    settle_s: Seconds = 45
    clear_s: Seconds = 3
    grace_s: Seconds = 60
    absorb_s: Seconds = 120
    flapping: Flapping = Flapping()
    delays: Mapping[Trouble, Delay] = {}
    steps: Annotated[tuple[Step, ...], msgspec.Meta(max_length=6)] = (
        Step(after_min=3, severity=3),
        Step(after_min=10, severity=2),
    )

    def delay(self, trouble: Trouble) -> Delay:
        return self.delays.get(trouble) or DELAYS.get(trouble, Delay(10, 30))


def faults(rules: Rules) -> list[str]:
    """What does not go together, in words for whoever wrote it."""
    found = []
    if rules.keep_share > rules.share:
        found.append(
            "«Giữ gộp đến khi dưới … %» không được cao hơn «Gộp khi ít nhất … %». "
            "/ “Kept down to … %” must not be above “One alarm when at least … %”."
        )
    if rules.flapping.leave >= rules.flapping.enter:
        found.append(
            "Chập chờn: «hết khi còn … lần» phải nhỏ hơn «có … lần đổi trạng thái». "
            "/ Flapping: “over at … changes” must be below the changes with which it begins."
        )
    return found
