"""An essay: what is asked, what was handed in, which version counts and whether it is late. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec

from orchestrator.errors import Refused

SIZE_LIMIT = 20 << 20
LARGEST = 200 << 20
TEXT_LIMIT = 200_000
QUESTION_LIMIT = 20_000
WHOLE = 1000
"""The full mark in hundredths."""


class Form(StrEnum):
    """What an essay may be."""

    TEXT = "text"
    DOCX = "docx"
    PDF = "pdf"


class Source(StrEnum):
    """Who may hand in."""

    CANDIDATE = "candidate"
    SITE = "site"


class Decision(StrEnum):
    """What the final mark is once a third marker has spoken."""

    CLOSEST = "closest"
    """The mean of the two marks that lie closest; of all three when they are equally far apart."""
    THIRD = "third"
    """The third mark."""


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the rubric with its most, in hundredths."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    most: Annotated[int, msgspec.Meta(gt=0, le=WHOLE)]


class EssayPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything about an essay that is data. ``cap_ns``: after it nothing is taken; ``step``, ``apart`` in hundredths:
    marks come in steps, two that differ by more than ``apart`` ask for a third marker."""

    question: str
    deadline_ns: int
    cap_ns: int
    forms: tuple[Form, ...] = tuple(Form)
    size_limit: int = SIZE_LIMIT
    sources: tuple[Source, ...] = tuple(Source)
    criteria: tuple[Criterion, ...] = ()
    step: int = 25
    apart: int = 100
    decision: Decision = Decision.CLOSEST


class Essay(msgspec.Struct, frozen=True):
    """The essay of one course."""

    id: str
    course: str
    plan: EssayPlan


class Check(StrEnum):
    """How far a received version has come."""

    CHECKING = "checking"
    GOOD = "good"
    REFUSED = "refused"


class Version(msgspec.Struct, frozen=True):
    """One complete hand-in. ``received_ns``: when its last byte was first in; ``owner``: ``candidate``,
    ``site:<code>`` or a username; ``reason``: why the check refused it."""

    id: str
    essay: str
    number: str
    place: int
    digest: bytes
    size: int
    form: Form
    name: str
    received_ns: int
    owner: str
    receipt: str
    state: Check
    reason: str = ""
    pages: int | None = None
    words: int | None = None


def check_plan(plan: EssayPlan) -> None:
    """Refuse a plan that nobody could meet, with every fault in ``faults``."""
    faults = []
    if not plan.question.strip() or len(plan.question) > QUESTION_LIMIT:
        faults.append("thiếu đề bài / no question")
    if not plan.forms or not plan.sources:
        faults.append("chưa chọn hình thức hoặc người nộp / nothing may be handed in")
    if not 1 << 10 <= plan.size_limit <= LARGEST:
        faults.append(f"giới hạn tệp từ 1 KiB đến {LARGEST >> 20} MiB / size limit")
    if plan.cap_ns < plan.deadline_ns:
        faults.append("hạn cuối phải sau hạn nộp / the cap must follow the deadline")
    if plan.step not in (5, 10, 25, 50, 100):
        faults.append("bước điểm không hợp lệ / step of marks")
    if not 0 <= plan.apart <= WHOLE:
        faults.append("độ lệch từ 0 đến 10 / difference from 0 to 10")
    if plan.criteria and sum(each.most for each in plan.criteria) != WHOLE:
        faults.append("tổng điểm các tiêu chí phải là 10 / criteria must add up to 10")
    if any(each.most % plan.step for each in plan.criteria):
        faults.append("điểm tiêu chí phải theo bước điểm / criteria in steps")
    if faults:
        raise Refused("bad_plan", "; ".join(faults), 422, faults=faults)


def late(plan: EssayPlan, received_ns: int) -> bool:
    """Whether what was complete at ``received_ns`` is late: the deadline's own instant is in time."""
    return received_ns > plan.deadline_ns


def check_open(plan: EssayPlan, source: Source, now_ns: int) -> None:
    """Refuse whoever may not hand in, or no longer."""
    if source not in plan.sources:
        raise Refused("not_by_you", "Bài này không nộp theo cách này. / Not handed in this way.", 403)
    if now_ns > plan.cap_ns:
        raise Refused("closed", "Đã hết hạn cuối, không nhận bài nữa. / Nothing is taken any more.", 403)


def counting(plan: EssayPlan, versions: Sequence[Version]) -> Version | None:
    """The version that counts: the last one that was complete in time; if none was, the last late one. Refused files
    never count; those still being checked do."""
    kept = [each for each in versions if each.state is not Check.REFUSED]
    timely = [each for each in kept if not late(plan, each.received_ns)]
    return max(timely or kept, key=lambda each: (each.received_ns, each.place), default=None)


def number_in(name: str, numbers: Collection[str]) -> str | None:
    """The roster number that stands in a file's name by itself (``10023.docx``, ``Bài_HV0012 - Nguyễn An.pdf``); None
    when there is none or more than one. Of ``12`` and ``A-12`` in ``A-12.pdf`` the longer one is meant."""
    stem = re.split(r"[/\\]", name)[-1].upper()
    found = {number for number in numbers if re.search(rf"(?<!\w){re.escape(number.upper())}(?!\w)", _parted(stem))}
    meant = [each for each in found if not any(each != other and each in other for other in found)]
    return meant[0] if len(meant) == 1 else None


def _parted(stem: str) -> str:
    return stem.replace("_", " ")
