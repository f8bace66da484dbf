"""The big screen, the exam's paper, and the phone."""

from collections.abc import Sequence

import msgspec

from site_agent.readiness.judging.said import bad, good, waiting, weak
from wire.ids import ExamState, ScreenState
from wire.messages import ScreenHealth
from wire.readiness import Check, CheckName, CheckState

FEW_FPS = 8.0
REMEMBERED_NS = 24 * 3600 * 10**9
"""How long a screen that showed the stream counts as shown while nothing plays."""
PHONE_WITHIN_S = 90.0
PHONE_KEPT_NS = 7 * 24 * 3600 * 10**9


class HeldPaper(msgspec.Struct, frozen=True):
    """An exam of this site, for the check: whether all its sealed papers are here, undamaged, and its stage."""

    title: str
    state: ExamState
    damaged: bool = False


def judge_screen(
    health: ScreenHealth, *, browser: bool, page_alive: bool, before: Check | None = None, now_ns: int = 0
) -> Check:
    """``before`` is what was said last; a good word stands for a day while nothing plays."""
    name = CheckName.SCREEN
    if not browser:
        return bad(name, "no_browser")
    if not page_alive:
        return bad(name, "page_silent")
    if health.state is ScreenState.IDLE:
        fresh = before is not None and before.state is CheckState.GOOD and now_ns - before.at_ns < REMEMBERED_NS
        return before if fresh and before is not None else waiting(name, "no_lecture")
    figures: dict[str, float] = {"fps": health.fps, "frames": health.frames_decoded, "width": health.width}
    if health.audio_dbfs is not None:
        figures["audio_dbfs"] = health.audio_dbfs
    if health.state is not ScreenState.PLAYING:
        return bad(name, "stalled" if health.state is ScreenState.STALLED else "dark", figures)
    if health.fps < FEW_FPS:
        return weak(name, "few_frames", figures)
    return weak(name, "no_sound", figures) if health.audio_dbfs is None else good(name, figures)


def judge_paper(held: Sequence[HeldPaper], opened: str) -> Check:
    """``opened``: title of the paper that was opened here last, empty when none ever was."""
    name = CheckName.PAPER
    coming = [paper for paper in held if paper.state not in {ExamState.CLOSED, ExamState.CANCELLED}]
    for paper in coming:
        if paper.damaged:
            return bad(name, "paper_damaged", note=paper.title)
        if paper.state is ExamState.MISSING:
            return bad(name, "paper_missing", note=paper.title)
    if opened:
        return good(name, {"papers": len(coming)}, opened)
    return weak(name, "not_opened", {"papers": len(coming)}, coming[0].title) if coming else waiting(name, "no_paper")


def judge_phone(*, address: str, shown_s: float | None, reached_ns: int | None, now_ns: int) -> Check:
    """``shown_s``: for how long the code has been on the screen, None when it is not; ``reached_ns``: when a phone came
    to this address last."""
    name = CheckName.PHONE
    if not address:
        return bad(name, "no_network")
    if reached_ns is not None and now_ns - reached_ns < PHONE_KEPT_NS:
        return good(name, note=address)
    if shown_s is not None and shown_s > PHONE_WITHIN_S:
        return weak(name, "not_arrived", {"shown_s": shown_s}, address)
    return waiting(name, "not_tried", note=address)
