"""What a viewer is due: the layer that its line takes, while another is sent because that one is not there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from orchestrator.media.relay.rates import Size

OPENING_S = 0.5
"""An encoding that is announced and has sent no keyframe yet is waited for so long, then the best that is there comes:
a sender's encodings open a few tenths of a second one after the other, or one of them not for many seconds."""


class Opening:
    """The wait for one viewer's layer."""

    def __init__(self) -> None:
        self._since: float | None = None

    def awaited(self, layer: int | None, awaited: Collection[int], now: float) -> bool:
        """Whether the layer, being among those that are announced and have not opened, may open in a moment."""
        if layer not in awaited:
            self._since = None
        elif self._since is None:
            self._since = now
        return self._since is not None and now - self._since < OPENING_S


class Due(msgspec.Struct, frozen=True):
    """``why`` it was chosen; ``bps`` what it took, sound included, when it was sent last, 0 if it never was."""

    layer: int
    why: str
    bps: int

    def held(self, limit_bps: float) -> bool:
        """Whether a line that has just protested, and took so much, still takes it."""
        return 0 < self.bps <= limit_bps

    def there(self, sizes: Sequence[Size], present: int | None) -> bool:
        """Whether it comes in now. One that never was sent is no gain where it is less than the ``present`` layer."""
        layers = [size.layer for size in sizes]
        if self.layer not in layers:
            return False
        return self.bps > 0 or present not in layers or layers.index(self.layer) > layers.index(present)
