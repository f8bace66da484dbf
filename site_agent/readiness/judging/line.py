"""The line: whether this computer is paired and connected, by which way the pictures come, how much passes."""

import msgspec

from site_agent.readiness.judging.said import bad, good, waiting, weak
from wire.readiness import Check, CheckName

# The lecture is sent at about 2.6 Mbit/s, its lowest layer at 0.3; a room on the floor sends about 0.8.
DOWN_GOOD_KBPS, DOWN_LEAST_KBPS = 3000.0, 500.0
UP_GOOD_KBPS, UP_LEAST_KBPS = 800.0, 150.0
# Of about 280 packets a second: 2 % that no repair brought back.
LOSSY_PER_S = 5.0


class Ways(msgspec.Struct, frozen=True):
    """By which ways the relay answered: UDP, TURN over TCP, TURN over TLS; ``connect_ms`` how long the one that worked
    took. None: not tried. ``relay`` False: the relay could not even be asked for a way. ``lost_per_s``: packets of a
    lecture that do not come, None while none plays."""

    relay: bool = True
    udp: bool | None = None
    tcp: bool | None = None
    tls: bool | None = None
    connect_ms: float | None = None
    lost_per_s: float | None = None


class Passed(msgspec.Struct, frozen=True):
    """Octets that passed, and how long they took."""

    octets: int
    ms: float

    @property
    def kbps(self) -> float:
        return self.octets * 8 / self.ms if self.ms > 0 else 0.0


def judge_paired(*, paired: bool, line: str, refusal: str | None, note: str = "") -> Check:
    """``line``: `up`, `down` or `never`; ``refusal``: why the centre refused the link, if it did."""
    if not paired:
        return bad(CheckName.PAIRED, "not_paired")
    if line == "up":
        return good(CheckName.PAIRED, note=note)
    return bad(CheckName.PAIRED, "refused", note=refusal) if refusal else bad(CheckName.PAIRED, "line_down", note=note)


def judge_path(ways: Ways) -> Check:
    """The class of the path; ``note`` names it."""
    if not ways.relay:
        return bad(CheckName.PATH, "no_relay")
    figures = {} if ways.connect_ms is None else {"connect_ms": ways.connect_ms}
    if ways.lost_per_s is not None:
        figures["lost_per_s"] = round(ways.lost_per_s, 1)
    if ways.udp:
        lossy = ways.lost_per_s is not None and ways.lost_per_s >= LOSSY_PER_S
        if lossy:
            return weak(CheckName.PATH, "udp_lossy", figures, "udp")
        return good(CheckName.PATH, figures, "udp")
    return _judge_detour(ways, figures)


def _judge_detour(ways: Ways, figures: dict[str, float]) -> Check:
    if ways.udp is None:
        return waiting(CheckName.PATH, "not_looked")
    if ways.tcp:
        return weak(CheckName.PATH, "tcp_only", figures, "tcp")
    if ways.tls:
        return weak(CheckName.PATH, "tls_only", figures, "tls")
    return bad(CheckName.PATH, "udp_blocked", figures, "link")


def ways_of(path: str, lost_per_s: float | None) -> Ways:
    """What pictures that come show of the ways: the class of the path they take."""
    detour = path in {"tcp", "tls"}
    return Ways(udp=not detour, tcp=path == "tcp", tls=path == "tls", lost_per_s=lost_per_s)


def judge_line_down(name: CheckName) -> Check:
    """Nothing can be said while the centre is not reached."""
    return waiting(name, "line_down")


def judge_bandwidth(down: Passed | None, up: Passed | None, *, waits: bool = False) -> Check:
    """Both ways; the way that is too slow is named, the way down first. ``waits``: the centre was asked and lets other
    sites measure first."""
    name = CheckName.BANDWIDTH
    if down is None or up is None:
        return waiting(name, "centre_busy" if waits else "not_measured")
    figures = {"down_kbps": down.kbps, "up_kbps": up.kbps}
    if down.kbps < DOWN_LEAST_KBPS:
        return bad(name, "slow_down", figures)
    if up.kbps < UP_LEAST_KBPS:
        return bad(name, "slow_up", figures)
    if down.kbps < DOWN_GOOD_KBPS:
        return weak(name, "slow_down", figures)
    return weak(name, "slow_up", figures) if up.kbps < UP_GOOD_KBPS else good(name, figures)
