"""A site as an exam needs it: takes the plan and the release, opens the paper, writes journals. In memory."""

from collections.abc import Callable

from wire.chain import GENESIS, EventKind, JournalEvent, next_hash
from wire.exam_release import switch_is_signed
from wire.ids import ExamId, ItemId, OptionId
from wire.messages import ExamCancelled, ExamEvent, ExamPlan, ExamRelease, ExamSwitch
from wire.paper import Manifest, Paper, read_paper, verify_manifest
from wire.roster import RosterEntry, open_roster
from wire.seal import open_paper, release_digest, unwrap_key


class ExamSite:
    """What one site's computer holds; `manifest`, `roster` and `release` are those of the exam it heard of last."""

    def __init__(self, secret: bytes, exam_public: bytes) -> None:
        self._secret = secret
        self._exam_public = exam_public
        self.manifest: Manifest | None = None
        self.roster: list[RosterEntry] = []
        self.release: bytes | None = None
        self.reserve: bytes | None = None
        self.opens_ns = 0
        self.cancelled: list[ExamId] = []
        self._wraps: dict[str, bytes] = {}
        self._manifests: dict[ExamId, Manifest] = {}

    def take(self, message: ExamPlan | ExamRelease | ExamSwitch | ExamCancelled) -> None:
        """A message came down the link."""
        match message:
            case ExamPlan():
                self.manifest = verify_manifest(self._exam_public, message.manifest, message.signature)
                self.roster = open_roster(self._secret, self.manifest.exam, message.sealed_roster)
                self._wraps = message.wraps
                self._manifests[self.manifest.exam] = self.manifest
            case ExamRelease():
                assert release_digest(message.secret) == self._manifests[message.exam].release_sha256
                self.release = message.secret
            case ExamSwitch():
                manifest = self._manifests[message.exam]
                assert release_digest(message.secret) == manifest.reserve_sha256
                assert switch_is_signed(self._exam_public, message.exam, message.opens_ns, message.signature)
                self.reserve, self.opens_ns = message.secret, message.opens_ns
            case ExamCancelled():
                self.cancelled.append(message.exam)

    def paper(self, code: str, download: Callable[[bytes], bytes]) -> Paper:
        """The opened paper of a code; `download` gives sealed bytes by their SHA-256."""
        assert self.manifest is not None
        assert self.release is not None
        key = unwrap_key(self.release, self._secret, self.manifest.exam, code, self._wraps[code])
        return read_paper(open_paper(key, download(self.manifest.papers[code])))


class Journal:
    """One candidate's chain at one computer."""

    def __init__(self, exam: ExamId, candidate: str, session: str = "page-1") -> None:
        self._exam = exam
        self._candidate = candidate
        self._session = session
        self._prev = GENESIS
        self._count = 0

    def write(
        self, kind: EventKind, at_ns: int, item: ItemId | None = None, option: OptionId | None = None
    ) -> ExamEvent:
        """The next event, chained."""
        self._count += 1
        event = JournalEvent(
            exam=self._exam,
            candidate=self._candidate,
            cand_seq=self._count,
            kind=kind,
            item=item,
            option=option,
            at_ns=at_ns,
            bound_ms=5,
            session=self._session,
            client_seq=self._count,
        )
        prev, self._prev = self._prev, next_hash(self._prev, event)
        return ExamEvent(
            exam=event.exam,
            candidate=event.candidate,
            cand_seq=event.cand_seq,
            kind=event.kind,
            item=event.item,
            option=event.option,
            at_ns=event.at_ns,
            bound_ms=event.bound_ms,
            session=event.session,
            client_seq=event.client_seq,
            prev=prev,
            hash=self._prev,
        )
