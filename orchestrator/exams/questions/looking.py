"""What the lint says of every question of the bank, with the other question where there is one. Pure."""

from collections.abc import Sequence

import msgspec

from orchestrator.exams.bank import Image, Question, RemarkKind, shown
from orchestrator.exams.lint import lint
from orchestrator.exams.question_store import Held


class Finding(msgspec.Struct, frozen=True):
    """One remark; `kind` is a `RemarkKind`; `other` is the question it is nearly the same as."""

    kind: RemarkKind
    reason: str
    other: str | None = None


def findings(held: Sequence[Held]) -> dict[str, list[Finding]]:
    """The remarks by question, for a whole bank."""
    ordered = sorted(held, key=lambda one: (one.added_ns, one.id))
    found: dict[str, list[Finding]] = {}
    # Lines from 1 are the places in `ordered`.
    for remark in lint([_as_question(one, line) for line, one in enumerate(ordered, 1)]):
        own = ordered[remark.line - 1]
        other = ordered[remark.other - 1].id if remark.other else None
        found.setdefault(own.id, []).append(Finding(remark.kind, remark.reason, other))
        if other is not None and remark.kind is RemarkKind.ALIKE_QUESTIONS:
            found.setdefault(other, []).append(Finding(remark.kind, remark.reason, own.id))
    return found


def _as_question(one: Held, line: int) -> Question:
    options = tuple(shown(option.text, one.format) for option in one.options)
    right, pinned = one.places
    text = shown(one.text, one.format)
    # Only how many images there are is looked at.
    images = tuple(Image(name, "", 0, 0, b"") for name in one.images)
    return Question(line, one.title, one.category, "plain", text, options, right, pinned, images)
