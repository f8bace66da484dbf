"""The camera's picture, the room in it, and the counting."""

from collections import Counter
from collections.abc import Sequence

from site_agent.camera.frames import Frame, Grey
from site_agent.camera.gate import Fault, is_frozen, judge
from site_agent.camera.headcount import Tally
from site_agent.camera.view import View
from site_agent.readiness.judging.said import bad, good, waiting, weak
from wire.ids import CameraState
from wire.readiness import Check, CheckName, CheckState

_BY_EYE = {
    Fault.DARK: "dark",
    Fault.COVERED: "covered",
    Fault.PARTLY_COVERED: "partly_covered",
    Fault.BLURRED: "blurred",
}
_MENDS_BY_ITSELF = {Fault.PARTLY_COVERED}


def judge_camera(state: CameraState, name: str, frames: Sequence[Frame], reference: Grey | None = None) -> Check:
    """The camera by a few pictures taken apart: black, covered, blurred or frozen pictures are named."""
    if not frames:
        return bad(CheckName.CAMERA, "no_camera" if state is CameraState.ABSENT else "camera_lost", note=name)
    height, width = frames[-1].shape[:2]
    figures = {"width": width, "height": height}
    faults = [judge(frame, reference) for frame in frames]
    # What was there for a moment only, as somebody who walks past, is no fault of the camera.
    lasting = Counter(faults).most_common(1)[0][0] if None not in faults else None
    if lasting is not None and lasting in _BY_EYE:
        say = weak if lasting in _MENDS_BY_ITSELF else bad
        return say(CheckName.CAMERA, _BY_EYE[lasting], figures, name)
    if is_frozen(frames):
        return bad(CheckName.CAMERA, "frozen", figures, name)
    return good(CheckName.CAMERA, figures, name)


def judge_count(
    tally: Tally, *, has_polygon: bool, has_reference: bool = False, view: View | None = None
) -> list[Check]:
    """Counting and room in view by one burst that was counted as a roll call is; ``view``: against the reference, None
    when there is none or no picture came to compare."""
    if tally.reason is Fault.NO_MODEL:
        return [bad(CheckName.COUNTING, "no_model")]
    if tally.reason is Fault.PARTLY_COVERED:
        return [waiting(CheckName.COUNTING, "camera_first"), weak(CheckName.ROOM_IN_VIEW, "partly_covered")]
    if tally.count is None:
        return [waiting(name, "camera_first") for name in (CheckName.COUNTING, CheckName.ROOM_IN_VIEW)]
    figures = {"people": tally.count, "quality": tally.quality, "frames": tally.frames_used}
    return [
        good(CheckName.COUNTING, figures),
        _in_view(tally.count, has_polygon=has_polygon, has_reference=has_reference, view=view),
    ]


def judge_view(camera: Check, view: View | None, before: Check | None) -> list[Check]:
    """Room in view by pictures alone, between two counts and while a lecture runs, when nobody is counted for trial.

    Only what the pictures say for certain: that the camera shows this room, was turned or moved. ``before`` is what was
    said last; that nobody was seen stands until the next count. Nothing is said of pictures that show nothing
    themselves.
    """
    if view is None or camera.state is not CheckState.GOOD:
        return []
    if (fault := _by_view(view, {})) is not None:
        return [fault]
    stands = before is not None and (before.state is CheckState.GOOD or before.reason == "nobody_seen")
    return [] if stands else [good(CheckName.ROOM_IN_VIEW, _figures_of(view))]


def judge_uncompared(camera: Check, before: Check | None) -> list[Check]:
    """Room in view where nobody has taken a reference: a camera that is turned could not be noticed.

    Whatever was said against a reference that is no more is over.
    """
    stands = before is not None and before.reason in {"nobody_seen", "no_reference"}
    if stands or camera.state is not CheckState.GOOD:
        return []
    return [weak(CheckName.ROOM_IN_VIEW, "no_reference")]


def judge_no_number() -> list[Check]:
    """The trial count ended in a fault of its own, which says nothing of where the camera looks."""
    return [bad(CheckName.COUNTING, "cannot_count")]


def _in_view(people: int, *, has_polygon: bool, has_reference: bool, view: View | None) -> Check:
    figures: dict[str, float] = {"people": people, "polygon": has_polygon}
    if view is not None:
        if (fault := _by_view(view, figures)) is not None:
            return fault
        figures |= _figures_of(view)
    if people == 0 and not has_polygon:
        return weak(CheckName.ROOM_IN_VIEW, "nobody_seen", figures)
    if view is None:
        say, reason = (waiting, "camera_first") if has_reference else (weak, "no_reference")
        return say(CheckName.ROOM_IN_VIEW, reason, figures)
    return good(CheckName.ROOM_IN_VIEW, figures)


def _by_view(view: View, figures: dict[str, float]) -> Check | None:
    """What is wrong with where the camera looks."""
    if not view.is_same:
        return bad(CheckName.ROOM_IN_VIEW, "turned_away", figures | {"alike": round(view.alike, 2)})
    return weak(CheckName.ROOM_IN_VIEW, "moved", figures | _figures_of(view)) if view.is_moved else None


def _figures_of(view: View) -> dict[str, float]:
    return {"alike": round(view.alike, 2), "across": round(view.across, 3), "down": round(view.down, 3)}
