"""Who knows the school's PIN: one door and one allowance of wrong tries, to invigilate and to sign a count.

A phone's address is one person; all of them together get a larger allowance against a patient guesser.
"""

import asyncio
import time
from collections.abc import Callable

from site_agent.exam.invigilation.pin import InvigilatorPin, PinUnfit
from site_agent.exam.limits import Failures


class PinRefused(Exception):
    """Not let in: `wait` (for `wait_s` seconds), `no_pin` (none is set and it cannot be chosen from there), `unfit`,
    `wrong_pin`."""

    def __init__(self, code: str, status: int, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.wait_s = wait_s


class PinDoor:
    """Counts wrong tries, per address and of all together."""

    def __init__(self, pin: InvigilatorPin, seconds: Callable[[], float] = time.monotonic) -> None:
        self.pin = pin
        self._seconds = seconds
        # One knock at a time, or a hundred at once would all be let to try before the first is counted.
        self._one = asyncio.Lock()
        self._by_peer = Failures(allowed=5, forgets_per_s=1 / 60)
        self._by_all = Failures(allowed=30, forgets_per_s=1 / 30)

    async def knock(self, pin: str, peer: str, *, here: bool) -> None:
        """Raise `PinRefused` unless this is the PIN; where none is set, it is chosen so on this computer (`here`)."""
        async with self._one:
            await self._knock(pin, peer, here=here)

    async def _knock(self, pin: str, peer: str, *, here: bool) -> None:
        at = self._seconds()
        wait = max(self._by_peer.wait_s(peer, at), self._by_all.wait_s("", at))
        if wait > 0:
            sentence = f"Hãy đợi {wait:.0f} giây rồi nhập lại. / Wait {wait:.0f} s."
            raise PinRefused("wait", 429, sentence, wait)
        if not self.pin.is_set:
            await self._choose(pin, here=here)
        elif not await asyncio.to_thread(self.pin.fits, pin):
            self._by_peer.count(peer, at)
            self._by_all.count("", at)
            raise PinRefused("wrong_pin", 403, "Mã PIN không đúng. / Wrong PIN.")
        self._by_peer.forgive(peer)

    async def _choose(self, pin: str, *, here: bool) -> None:
        if not here:
            sentence = "Hãy đặt mã PIN trên máy của trường trước. / Set the PIN on the school's computer."
            raise PinRefused("no_pin", 409, sentence)
        try:
            await asyncio.to_thread(self.pin.choose, pin)
        except PinUnfit as unfit:
            sentence = "Mã PIN cần 6 đến 12 chữ số, không trùng hết. / 6 to 12 digits."
            raise PinRefused("unfit", 422, sentence) from unfit
