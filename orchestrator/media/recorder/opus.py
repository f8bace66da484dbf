"""How long an Opus packet lasts (RFC 6716 §3.1), and one of silence. Nothing is decoded."""

from __future__ import annotations

SILENCE = b"\xf8\xff\xfe"
"""20 ms of silence, CELT only, full band, one frame: what encoders send for it."""

_SILK = (480, 960, 1920, 2880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
LONGEST = 5760


def samples(payload: bytes) -> int:
    """Samples at 48 kHz that a packet stands for; 0 when it is not Opus."""
    if not payload:
        return 0
    configuration, code = payload[0] >> 3, payload[0] & 3
    if configuration < 12:
        each = _SILK[configuration & 3]
    elif configuration < 16:
        each = _HYBRID[configuration & 1]
    else:
        each = _CELT[configuration & 3]
    counted = payload[1] & 0x3F if len(payload) > 1 else 0
    frames = (1, 2, 2, counted)[code]
    total = each * frames
    return total if total <= LONGEST else 0
