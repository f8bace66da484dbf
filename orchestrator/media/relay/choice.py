"""Which of the lecturer's encodings one viewer gets: decides from what its line is said to take and to lose. Pure.

Down at once when the line says that it is too much, up only after a try. A receiver's estimate never exceeds by much
what it is sent (REMB grows to one and a half times the rate that arrives), so that a low figure alone proves nothing:
only one that falls does. To climb, packets that the viewer has already are sent again, ever more of them, until they
amount to the better encoding or the line protests; what it cannot take costs some delay, never the picture.

An estimate protests also where only the computer is busy or the pictures are few: it falls, or stands for many seconds
far below what comes through. A try then goes on, more slowly, while round trips show that nothing queues.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from orchestrator.media.relay.delay import Delay
from orchestrator.media.relay.due import Due, Opening
from orchestrator.media.relay.rates import AUDIO_BPS, Line, Size

FRESH_S = 3.0
"""An older estimate says nothing (browsers send one at least every second)."""
FELL = 0.97
"""An estimate below this part of the one before has fallen."""
BACKED_OFF = 0.85
"""What a receiver sets its estimate to when it has met the limit (draft-ietf-rmcat-gcc §5.5)."""
SETTLED = 1.05
"""After a fall a try is this part of what came through: a queue that there is stays, so that round trips show it."""
FELL_S = 1.5
FALLS, FALLS_S = 3, 4.0
"""So many falls in this time are no chance: a computer that is busy for a moment lets the estimate fall once, too."""
FAR_BELOW = 0.7
"""An estimate that has fallen below this part of what is sent: the rest has not come through."""
TOO_MUCH_S = 0.4
"""So long the line must protest before a lower encoding is taken."""
PAUSE_S, PAUSE_UNLOST_S = 3.0, 12.0
"""The same for the lowest one, before the picture is paused; longer while nothing is lost: a line that is too weak for
it drops packets before long, and a computer that is merely busy reads its estimate down without any loss."""
LOSS_DOWN, LOSS_CALM = 0.12, 0.02
LOSS_S = 1.8
"""So long losses must last (a report comes each second)."""
MARGIN = 0.9
"""Of an estimate that has fallen, so much is used."""
SETTLE_S = 4.0
"""After a change the line's figures are still those of before."""
FIRST_TRY_S, LONGEST_TRY_S, LONGEST_S = 6.0, 8.0, 12.0
"""Pause before a try to climb; longer after each that failed, unless it came further than the last: then so long that
two tries fit into 30 s, and after a climb that was too much, which cost some picture, longer still."""
STEADY_S = 30.0
"""A climb that lasted so long was right: the next pause is short again."""
CLAIMED = 0.9
"""A try begins with this part of the estimate."""
BELOW, NEAR = 0.75, 1.3
BELOW_RAMP, NEAR_RAMP, FAR_RAMP = 1.3, 1.12, 1.6
"""A try's rate grows by so much a second: below the limit met last, around it, and well beyond (as below it while the
estimate protests, or where trips come late anyhow and a queue is seen 0.2 s later). What is too much is known some
0.7 s later; its queue then holds 0.07, 0.03 or 0.13 s."""
DRAINED_S = 1.5
"""So long after a change or a try its queue may stand; what trips take from then on is usual for the line."""
CHECKED_S = 1.0
"""So old the newest round trip may be for a try to grow (in a try five come a second)."""
FLAT_S = 1.1
"""An estimate grows by several percent a second while more comes through (draft-ietf-rmcat-gcc §5.5); one that has not
for so long has met the limit, even if it did not fall."""
ROSE = 1.01
PROVEN = 1.1
PROVEN_S = 0.6
"""A try is won when this part of the needed rate has gone through for so long."""
TRY_LIMIT_S = 15.0


class Choice:
    """One viewer's. ``layer`` is what it should get, None for sound alone; ``why`` a stable word."""

    def __init__(self) -> None:
        self.layer: int | None = None
        self.why = "begins"
        self.padding_bps = 0
        """To be sent beside the picture, as a try."""
        self.tried = ""
        """How the last try ended: ``won``, or by which sign: ``queued``, ``lossy``, ``fell``, ``flat``, ``slow``."""
        self._changed = 0.0
        self._estimate: int | None = None
        self._estimate_at = 0.0
        self._falls: list[float] = []
        """When the estimate fell, lately."""
        self._fallen = False
        """It fell once: only from then on does a figure tell what the line takes."""
        self._too_much_since: float | None = None
        self._lossy_since: float | None = None
        self._lost_at: float | None = None
        self._delay = Delay()
        """Where round trips are told, whether a try is too much is theirs to say."""
        self._drained_at = 0.0
        """From then on no queue of ours stands."""
        self._mark = 0
        """The estimate when it last rose."""
        self._rose_at = 0.0
        self._limit: float | None = None
        """What the line took when it protested last."""
        self._least = 0.0
        """What the present try began with at least: no sign of the estimate makes it less."""
        self._rate = 0.0
        """The present try's, sound and picture included."""
        self._looked = 0.0
        self._pause = FIRST_TRY_S
        self._wait_until = 0.0
        self._try_since: float | None = None
        self._tried_at = 0.0
        """When the last try began."""
        self._won_since: float | None = None
        self._climbed_at: float | None = None
        self.due: Due | None = None
        """What comes back without a try as soon as it is there."""
        self._modest = self._alone = False
        """Alone: whoever is on air sends one encoding, which tells nothing of which of several the line takes."""
        self._took = 0
        """What the present one of several took at the last look, sound included."""
        self._opening = Opening()

    @property
    def trying(self) -> bool:
        """Whether a try is under way."""
        return self._try_since is not None

    @property
    def turn(self) -> tuple[bool, float]:
        """Of many that want to try the least comes first: those under way, then whoever's last is longest ago."""
        return not self.trying, self._tried_at

    def wait_s(self, now: float) -> float:
        """Until a try may begin; 0 while one is under way."""
        return 0.0 if self.trying else max(0.0, max(self._wait_until, self._changed + SETTLE_S) - now)

    def begin(self, layer: int, better: int | None, *, modest: bool, alone: bool) -> None:
        """With ``layer``; ``better`` is announced and has not opened. ``modest``: no better one is ever due to it.
        ``alone``: whoever is on air sends one encoding, or nobody is."""
        self.layer, self._modest, self._alone = layer, modest, alone
        self.due = Due(better, self.why, 0) if better is not None and not modest else None

    def follow(self, again: Mapping[int, int] | None, now: float, *, ordered: int | None = None) -> None:
        """Somebody else is on air. ``again``: which encoding is which of those of the last who sent several; None for
        one who sends one alone: that stands in for whichever the line takes. ``ordered``: of those of the last, which
        an operator's order means."""
        self._alone = again is None
        if ordered is not None and again is not None:
            self.due = Due(ordered, "ordered", 0)
        if self.due is None and self.layer is not None:
            self.due = Due(self.layer, self.why, self._took)
        if self.due is not None and again is not None:
            self._come_back(again[self.due.layer], now)
        elif self.layer is not None:
            self._set(0, self.why, now)

    def opened(self, sizes: Sequence[Size], now: float) -> bool:
        """What is due comes back if it is among those that come in now; whether it did."""
        if self.due is None or self._alone or not self.due.there(sizes, self.layer):
            return False
        self._come_back(self.due.layer, now)
        return True

    def judge(
        self,
        line: Line,
        sizes: Sequence[Size],
        now: float,
        *,
        pinned: int | None,
        may_try: bool,
        padded: bool,
        awaited: Collection[int] = (),
    ) -> None:
        """Look at the line again, a few times a second.

        ``sizes`` from the least to the best, never empty. ``pinned``: an operator's order, the place from the bottom
        (-1: no picture). ``may_try``: others' tries leave room for one. ``padded``: the viewer takes packets twice;
        for one that does not, the better encoding itself is the try. ``awaited``: encodings that are announced and
        have not opened.
        """
        self._observe(line, now)
        if pinned != -1 and self._opening.awaited(self.layer, awaited, now):
            return
        if pinned is not None:
            self._end_try()
            if pinned < 0:
                self.due = None
            self._set(None if pinned < 0 else sizes[min(pinned, len(sizes) - 1)].layer, "ordered", now)
            return
        if self.opened(sizes, now):
            return
        place = next((n for n, size in enumerate(sizes) if size.layer == self.layer), None)
        if place is not None and sizes[place].bps and not self._alone:
            self._took = sizes[place].need
        if place is None and (self.layer is not None or self.why in {"begins", "ordered"}):
            # The first look, or the encoding is not there: the best that is known to fit.
            if self.due is None and self.layer is not None and not self._modest:
                self.due = Due(self.layer, self.why, self._took)
            self._set(sizes[self._fitting(sizes, len(sizes) - 1)].layer, "best", now)
        elif self._too_much(line, sizes, place, now):
            self._go_down(line, sizes, place, now)
        elif place is None or place < len(sizes) - 1:
            self._climb(line, sizes, -1 if place is None else place, now, may_try=may_try, padded=padded)
        else:
            self._end_try()
            self.why = "best"
            if self._climbed_at is not None and now - self._climbed_at > STEADY_S:
                self._pause, self._climbed_at = FIRST_TRY_S, None

    # Signs

    def _observe(self, line: Line, now: float) -> None:
        idle = not self.trying and line.round_trip_at >= self._drained_at
        self._delay.observe(line.round_trip_s, line.round_trip_at, idle=idle)
        if line.estimate_bps is not None and line.estimate_at != self._estimate_at:
            if self._estimate is not None and line.estimate_bps < FELL * self._estimate:
                self._falls.append(line.estimate_at)
                self._fallen = True
                self._mark = line.estimate_bps
                self._settle_for(line.estimate_bps / BACKED_OFF)
            elif line.estimate_bps > ROSE * self._mark:
                self._mark, self._rose_at = line.estimate_bps, line.estimate_at
            self._estimate, self._estimate_at = line.estimate_bps, line.estimate_at
        if self._estimate is not None and now - self._estimate_at > FRESH_S:
            self._estimate = None
        self._falls = [at for at in self._falls[-8:] if now - at < FALLS_S]
        if line.loss >= LOSS_DOWN:
            self._lossy_since = now if self._lossy_since is None else self._lossy_since
        else:
            self._lossy_since = None

    def _falling(self, now: float) -> bool:
        return bool(self._falls) and now - self._falls[-1] < FELL_S

    def _lossy(self, now: float) -> bool:
        return self._lossy_since is not None and now - self._lossy_since >= LOSS_S

    def _too_much(self, line: Line, sizes: Sequence[Size], place: int | None, now: float) -> bool:
        """Whether the line has protested long enough against what is sent now."""
        if place is None:
            return False
        squeezed = self._squeezed(line, sizes[place].need, now)
        lossy = self._lossy_since is not None
        if not (squeezed or lossy):
            self._too_much_since = None
            return False
        if self._too_much_since is None:
            self._too_much_since = now
        if line.loss > LOSS_CALM:
            self._lost_at = now
        lasted = now - self._too_much_since
        lost = self._lost_at is not None and self._lost_at >= self._too_much_since
        enough = TOO_MUCH_S if place else PAUSE_S if lost else PAUSE_UNLOST_S
        return (squeezed and lasted >= enough) or (self._lossy(now) and lasted >= max(enough, LOSS_S))

    def _squeezed(self, line: Line, need: int, now: float) -> bool:
        """Whether the estimate says that not all of what is sent comes through."""
        if self._estimate is None or not self._falling(now) or self._estimate >= need:
            return False
        return self._estimate < FAR_BELOW * need or line.loss > LOSS_CALM or len(self._falls) >= FALLS

    def _fitting(self, sizes: Sequence[Size], at_most: int) -> int:
        """The best place up to ``at_most`` that the estimate has room for; the lowest when none has."""
        if self._estimate is None or not self._fallen:
            return at_most
        room = MARGIN * self._estimate
        return max((n for n in range(at_most + 1) if sizes[n].most <= room), default=0)

    # Steps

    def _come_back(self, layer: int, now: float) -> None:
        if self.due is not None:
            self._end_try()
            self._set(layer, self.due.why, now)
            self.due = None

    def _set(self, layer: int | None, why: str, now: float) -> None:
        if layer != self.layer:
            self.layer, self._changed, self._drained_at = layer, now, now + DRAINED_S
            self._delay.changed()
            self._too_much_since = self._lossy_since = None
        self.why = why

    def _go_down(self, line: Line, sizes: Sequence[Size], place: int | None, now: float) -> None:
        why = "lossy" if self._lossy(now) else "weak_line"
        if self._estimate is not None and self._fallen:
            self._limit = self._estimate / BACKED_OFF
        elif place is not None:
            self._limit = sizes[place].need * (1 - line.loss)
        self._failed(now)
        if not place:
            self._set(None, why, now)
        else:
            self._set(sizes[self._fitting(sizes, place - 1)].layer, why, now)

    def _failed(self, now: float) -> None:
        """A climb, or a try to, was too much: wait longer before the next, and do without what is due and not held."""
        if self.due is not None and not self.due.held(self._limit or 0.0):
            self.due = None
        if self._try_since is not None or self._climbed_at is not None:
            longest = LONGEST_S if self._try_since is None else LONGEST_TRY_S
            self._pause = min(longest, self._pause + FIRST_TRY_S)
        self._climbed_at = None
        self._end_try()
        self._wait_until = now + self._pause

    def _end_try(self) -> None:
        if self.trying:
            self._drained_at = self._looked + DRAINED_S
        self._try_since = self._won_since = None
        self.padding_bps = 0

    def _climb(self, line: Line, sizes: Sequence[Size], place: int, now: float, *, may_try: bool, padded: bool) -> None:
        """From ``place`` (-1: paused) upwards, when the line takes it."""
        protest = self._protest(line, now)
        if protest:
            if self._try_since is not None:
                self._protested(protest, sizes, place, now)
            return
        if self._wait_until > now or now < self._changed + SETTLE_S:
            return
        if self._try_since is None:
            if not may_try:
                return
            self._begin_try(sizes, place, now)
        if not padded:
            self._won(sizes[place + 1], now)
            return
        self._grow(sizes, place, now)

    def _begin_try(self, sizes: Sequence[Size], place: int, now: float) -> None:
        """With what goes through anyhow: a try that sends no more than that would prove nothing."""
        self._try_since = self._tried_at = self._looked = now
        self._least = float(sizes[place].most if place >= 0 else AUDIO_BPS)
        self._rate = max(self._least, CLAIMED * (self._estimate or 0))

    def _protested(self, protest: str, sizes: Sequence[Size], place: int, now: float) -> None:
        wider = self._limit is not None and self._rate > NEAR * self._limit
        self._limit, self.tried = self._rate, protest
        self._failed(now)
        if wider:
            self._pause = FIRST_TRY_S
            self._wait_until = now + self._pause
        self._take_what_fits(sizes, place, now)

    def _take_what_fits(self, sizes: Sequence[Size], place: int, now: float) -> None:
        """A try that failed has shown what does go through."""
        fits = self._fitting(sizes, len(sizes) - 1)
        if self._estimate is not None and sizes[fits].most <= MARGIN * self._estimate and fits > place:
            self._set(sizes[fits].layer, "weak_line", now)

    def _protest(self, line: Line, now: float) -> str:
        """By which sign the line takes no more, empty while it may; where round trips are told, they decide."""
        if line.loss > LOSS_CALM:
            return "lossy"
        if self._delay.told(now):
            return "queued" if self._delay.grown() else ""
        return "fell" if self._falling(now) else "flat" if self._flat(now) else ""

    def _settle_for(self, came_bps: float) -> None:
        """The estimate fell in a try: what came through is enough until round trips have told whether it queued."""
        if self._try_since is not None:
            self._rate = max(self._least, min(self._rate, SETTLED * came_bps))

    def _flat(self, now: float) -> bool:
        """Whether the estimate has stopped to follow a try."""
        since = self._try_since
        return since is not None and self._estimate is not None and now - max(since, self._rose_at) > FLAT_S

    def _ramp(self, now: float) -> float:
        doubtful = self._falling(now) or self._flat(now)
        checked = self._delay.calm(max(now - CHECKED_S, self._falls[-1] if self._falls else 0.0))
        if self._delay.told(now) and not checked:
            return 1.0
        if self._limit is not None and self._rate < NEAR * self._limit:
            return BELOW_RAMP if self._rate < BELOW * self._limit else NEAR_RAMP
        return BELOW_RAMP if doubtful or self._delay.jittery() else FAR_RAMP

    def _grow(self, sizes: Sequence[Size], place: int, now: float) -> None:
        sent = sizes[place].need if place >= 0 else AUDIO_BPS
        wanted = PROVEN * sizes[-1].most
        grown = max(self._rate, 120_000.0) * self._ramp(now) ** (now - self._looked)
        self._rate, self._looked = min(wanted, grown), now
        self.padding_bps = max(0, round(self._rate - sent))
        if self._rate < wanted:
            if self._try_since is not None and now - self._try_since > TRY_LIMIT_S:
                self.tried = "slow"
                self._failed(now)
            return
        self._won_since = now if self._won_since is None else self._won_since
        if now - self._won_since >= PROVEN_S:
            self._won(sizes[-1], now)

    def _won(self, size: Size, now: float) -> None:
        self._end_try()
        self.tried = "won"
        self._climbed_at = now
        self._wait_until = now + FIRST_TRY_S
        self._set(size.layer, "climbed", now)
