"""Turning a hall to the reserve paper: whether it may, and what of it begins anew. No I/O."""

from site_agent.exam.hall import Hall
from site_agent.exam.vault import Held
from site_agent.exam.window import Phase, Reading, Step, Window
from wire.ids import ClockState
from wire.paper import Manifest, turned_to_reserve


def may_turn(hall: Hall, opens_ns: int, now: Reading) -> bool:
    """Whether the reserve paper takes the place of what is here. A site that is through with its paper begins again
    only while the reserve may still open; a cancelled exam stays so."""
    if hall.held.turned or hall.held.cancelled or hall.window.phase is Phase.CANCELLED:
        return False
    if hall.window.phase is not Phase.CLOSED:
        return True
    probe = Window(turned_to_reserve(hall.held.as_signed, opens_ns))
    return now.state is not ClockState.BLIND and probe.due(now) is not Step.CAP


def typed_opens_ns(manifest: Manifest, now: Reading) -> int:
    """When a reserve whose code was typed opens: at T0, or at once where T0 has passed. A site without centre time
    goes by the code alone."""
    if now.state is ClockState.BLIND or now.centre_ns <= manifest.t0_ns:
        return 0
    return now.centre_ns


def turn(hall: Hall, held: Held) -> None:
    """The hall as it stands before the reserve paper opens; candidates, sessions and their time stay."""
    hall.held = held
    hall.window = Window(held.manifest)
    hall.opening = hall.earlier = None
    hall.put_paper_away()
    hall.stretch()


def roster_code(sealed_as: str) -> str:
    """The code in the roster whose paper is sealed under this name."""
    return sealed_as.removeprefix("R")
