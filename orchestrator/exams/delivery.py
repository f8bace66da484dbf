"""What each linked site should hold of an exam, and what it was sent over its present link.

Pushes only: nothing at T0 is asked for by a site. What was sent is forgotten when a site links anew, so that a late,
restarted or replaced computer gets everything again; a send that fails is tried again at the next step.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from orchestrator.exams.model import RUNNING, SECOND, SECRET_OUT, Exam, Stage, ends_ns
from orchestrator.exams.ports import Links
from orchestrator.exams.sealing import Package, SitePackage
from wire.codec import ProtocolError, decode_down, encode
from wire.ids import ExamId, ExamState, SiteId
from wire.link import FRAME_OVERHEAD_BYTES
from wire.messages import MAX_FRAME_BYTES, ExamCancelled, ExamPlan, ExamProgress, ExamRelease, ExamSwitch

ExamDown = ExamPlan | ExamRelease | ExamSwitch | ExamCancelled
"""What goes down to a site."""


class Part(StrEnum):
    """What a site can hold."""

    PLAN = "plan"
    RELEASE = "release"
    SWITCH = "switch"
    CANCELLED = "cancelled"


class Deliveries:
    """Remembers what went to whom since they linked."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._sent: dict[SiteId, set[_Mark]] = {}
        self._doubts: dict[SiteId, Counter[_Mark]] = {}

    def forget(self, site: SiteId) -> None:
        """The site linked anew: it may hold nothing."""
        self._sent.pop(site, None)
        self._doubts.pop(site, None)

    def forget_all(self) -> None:
        """We may have missed that sites linked anew."""
        self._sent.clear()
        self._doubts.clear()

    def doubt(self, site: SiteId, *words: Mapping[ExamId, ExamProgress]) -> None:
        """Forget what the site was sent but, by each of these words of its own, does not hold: its disk refused it.
        A cancel goes again ever less often, see `_is_due_again`; nothing else that is needed to open may wait."""
        sent = self._sent.get(site, set())
        doubts = self._doubts.setdefault(site, Counter())
        for mark in [mark for mark in sent if all(_lacks(told.get(mark.exam), mark) for told in words)]:
            doubts[mark] += 1
            if mark.part is not Part.CANCELLED or _is_due_again(doubts[mark]):
                sent.discard(mark)

    def lacking(self, exam: Exam, part: Part) -> list[SiteId]:
        """Linked sites of the exam that were not sent this part."""
        linked = self._links.linked()
        mark = _mark(exam, part)
        return [site for site in exam.sites if site in linked and mark not in self._sent.get(site, set())]

    def plan(self, exam: Exam, packages: Iterable[SitePackage]) -> list[SiteId]:
        """Send manifest, wraps and roster; returns the sites that were sent them now."""
        assert exam.manifest is not None
        assert exam.signature is not None
        sent = []
        for package in packages:
            if self._send(package.site, exam, Part.PLAN, plan_message(exam.manifest, exam.signature, package)):
                sent.append(package.site)
        return sent

    def release(self, exam: Exam, secret: bytes) -> None:
        """Send the release secret to every linked site that holds the plan and not yet the secret."""
        message = ExamRelease(exam=exam.id, secret=secret)
        for site in self.lacking(exam, Part.RELEASE):
            if _mark(exam, Part.PLAN) in self._sent.get(site, set()):
                self._send(site, exam, Part.RELEASE, message)

    def switch(self, exam: Exam, secret: bytes) -> None:
        """Send the order to sit the reserve paper to every linked site that holds the plan and not yet the order."""
        message = switch_message(exam, secret)
        for site in self.lacking(exam, Part.SWITCH):
            if _mark(exam, Part.PLAN) in self._sent.get(site, set()):
                self._send(site, exam, Part.SWITCH, message)

    def cancel(self, exam: Exam) -> None:
        """Tell every linked site that the exam does not take place."""
        for site in self.lacking(exam, Part.CANCELLED):
            self._send(site, exam, Part.CANCELLED, ExamCancelled(exam=exam.id))

    def _send(self, site: SiteId, exam: Exam, part: Part, message: ExamDown) -> bool:
        if not self._links.send(site, message):
            return False
        self._sent.setdefault(site, set()).add(_mark(exam, part))
        return True


class _Mark(msgspec.Struct, frozen=True):
    """Something that was sent; a plan counts by the version of its manifest."""

    exam: ExamId
    part: Part
    version: int


def _mark(exam: Exam, part: Part) -> _Mark:
    return _Mark(exam.id, part, exam.releasing.manifest_version if part is Part.PLAN else 0)


def switch_message(exam: Exam, secret: bytes) -> ExamSwitch:
    """The order to sit the reserve paper, whose secret this is."""
    assert exam.releasing.opens_ns is not None
    assert exam.releasing.switch_signature is not None
    return ExamSwitch(
        exam=exam.id,
        secret=secret,
        opens_ns=exam.releasing.opens_ns,
        signature=exam.releasing.switch_signature,
    )


def plan_message(manifest: bytes, signature: bytes, package: SitePackage) -> ExamPlan:
    """What a site is sent of a sealed exam."""
    return ExamPlan(manifest=manifest, signature=signature, wraps=package.wraps, sealed_roster=package.roster)


def unsendable(package: Package) -> list[SiteId]:
    """Sites whose part no link would carry: sending it would break their link, each time it is tried."""
    return [each.site for each in package.sites if not _fits(plan_message(package.manifest, package.signature, each))]


def _fits(message: ExamPlan) -> bool:
    try:
        decode_down(encode(message, MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES))
    except ProtocolError:
        return False
    return True


def _lacks(told: ExamProgress | None, mark: _Mark) -> bool:
    if mark.part is Part.RELEASE:
        return told is not None and told.state in (ExamState.READY, ExamState.SIGN_IN)
    if mark.part is Part.SWITCH:
        return told is not None and not told.reserve
    if mark.part is Part.CANCELLED:
        return told is not None and not told.cancelled
    return mark.part is Part.PLAN and (told is None or 0 < told.version < mark.version)


def _is_due_again(doubts: int) -> bool:
    """Whether a cancel goes again at the first, second, third, … word of a site that does not hold it: the pause
    doubles up to eight words. The site obeys even what its disk refuses, and such a disk seldom takes it at once."""
    return doubts in (1, 2, 4) or doubts % 8 == 0


def parts_wanted(exam: Exam, now_ns: int) -> tuple[Part, ...]:
    """What a site should hold of the exam now, in the order of sending."""
    if exam.manifest is None:
        return ()
    if exam.stage in SECRET_OUT:
        # While only officers have the secret, there is none to send.
        return (Part.PLAN, *secret_part(exam))
    if exam.stage in RUNNING:
        return (Part.PLAN,)
    over = ends_ns(exam) + round(exam.plan.late_cap_s * SECOND)
    if exam.stage is Stage.CANCELLED and now_ns < over:
        return (Part.CANCELLED,)
    return ()


def secret_part(exam: Exam) -> tuple[Part, ...]:
    """The release or the switch, whichever is in force and known here."""
    if exam.secret_sealed is None:
        return ()
    return (Part.RELEASE,) if exam.releasing.switched_ns is None else (Part.SWITCH,)
