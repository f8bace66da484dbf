"""Which source a publisher's packet belongs to: payload types, repairs (RFC 4588) and restriction ids (RFC 8852)."""

from __future__ import annotations

from orchestrator.media.relay.answer import Terms
from orchestrator.media.relay.extensions import REPAIRED_RID, RID, find
from orchestrator.media.relay.rtp import Arrival

SOURCES_LIMIT = 32
"""SSRCs remembered of one publisher; a publisher that keeps inventing others is not followed."""


class Origins:
    """What one publisher's packets have told so far. ``repairs``: the SSRC of RTX -> the SSRC it repairs."""

    def __init__(self, terms: Terms) -> None:
        self._repaired = {one.repair: one.payload_type for one in terms.chosen if one.repair is not None}
        numbers = [one.extensions for one in terms.chosen if one.kind == "video"]
        self._rid = numbers[0].get(RID) if numbers else None
        self._repaired_rid = numbers[0].get(REPAIRED_RID) if numbers else None
        self._latest: dict[int, int] = {}
        """Payload type -> the SSRC that last came under it."""
        self.rids: dict[int, str] = {}
        """SSRC -> rid, as packets named it."""
        self.repairs: dict[int, int] = dict(terms.repairs)

    def place(self, arrival: Arrival) -> Arrival | None:
        """The packet as its source first sent it; ``None`` for padding, or a repair of nobody knows what."""
        original = self._repaired.get(arrival.payload_type)
        if original is not None:
            return self._unwrap(arrival, original)
        ssrc = arrival.ssrc
        self._latest[arrival.payload_type] = ssrc
        if self._rid is not None and arrival.extension and ssrc not in self.rids and len(self.rids) < SOURCES_LIMIT:
            value = find(arrival.extension, self._rid)
            if value:
                self.rids[ssrc] = value.decode("ascii", "replace")
        return arrival

    def _unwrap(self, arrival: Arrival, payload_type: int) -> Arrival | None:
        """RFC 4588 §4: the original sequence number stands before the payload."""
        payload = arrival.payload
        if len(payload) < 2:
            return None
        ssrc = self.repairs.get(arrival.ssrc) or self._by_rid(arrival) or self._latest.get(payload_type)
        if ssrc is None:
            return None
        sequence = payload[0] << 8 | payload[1]
        stamp, extension = arrival.timestamp, arrival.extension
        return Arrival(payload_type, arrival.marker, sequence, stamp, ssrc, payload[2:], extension, repaired=True)

    def _by_rid(self, arrival: Arrival) -> int | None:
        if self._repaired_rid is None or not arrival.extension or len(self.repairs) >= SOURCES_LIMIT:
            return None
        value = find(arrival.extension, self._repaired_rid)
        if not value:
            return None
        rid = value.decode("ascii", "replace")
        ssrc = next((one for one, named in self.rids.items() if named == rid), None)
        if ssrc is not None:
            self.repairs[arrival.ssrc] = ssrc
        return ssrc
