"""Builds the package of an exam: sealed papers, signed manifest, wraps and roster per site, and what stays at home.

Pure but for the random secrets. What leaves the centre is `SealedPaper.sealed`, the manifest and `SitePackage`. The
right answers are in `Package.right` only; release secret, paper keys, PINs and vouchers are encrypted at rest.
"""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.exams.choice import ExamKind
from orchestrator.exams.model import Exam
from orchestrator.exams.papers import Stored, answer_key, code_names, make_paper
from orchestrator.exams.questions.rehearsal import REHEARSAL_PIN
from orchestrator.exams.release.sharing import new_shared_secret, shares_of
from wire.exam_release import sign_switch
from wire.ids import ItemId, OptionId, SiteId
from wire.order import Unsealed, unseal_paper
from wire.paper import OFFICERS, Manifest, Paper, paper_bytes, reserve_code, sign_manifest
from wire.roster import PIN_DIGITS, RosterEntry, new_pin, new_voucher, pin_digest, seal_roster
from wire.seal import new_paper_key, new_release_secret, release_digest, seal, seal_paper, unseal, wrap_key


class Person(msgspec.Struct, frozen=True):
    """A candidate as the roster has them; `extra_s`: individual extra time, seconds."""

    number: str
    name: str
    extra_s: int = 0


class SiteRoll(msgspec.Struct, frozen=True):
    """Who sits the exam at a site, in roster order, and the site's secret."""

    site: SiteId
    secret: bytes
    people: tuple[Person, ...]


class SealedPaper(msgspec.Struct, frozen=True):
    """One code: the file every site downloads, its SHA-256, and its key encrypted at rest."""

    code: str
    digest: bytes
    sealed: bytes
    key_sealed: bytes


class SitePackage(msgspec.Struct, frozen=True):
    """What one site gets besides the papers."""

    site: SiteId
    wraps: dict[str, bytes]
    roster: bytes


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A candidate of the exam; `secrets` are PIN and voucher, encrypted at rest; `place` is the roster order."""

    number: str
    site: SiteId
    place: int
    name: str
    code: str
    secrets: bytes
    extra_s: int = 0


class Package(msgspec.Struct, frozen=True):
    """Everything that sealing makes. `shares`: what the officers hold of each secret, by kind; then the sealed secrets
    are None, and nothing here is kept but the digests of the shares."""

    manifest: bytes
    signature: bytes
    release_sealed: bytes | None
    papers: tuple[SealedPaper, ...]
    sites: tuple[SitePackage, ...]
    candidates: tuple[Candidate, ...]
    right: dict[ItemId, OptionId]
    reserve_sealed: bytes | None = None
    shares: dict[str, list[bytes]] = {}


class Sealer:
    """Holds the exam key that signs manifests and the key that encrypts at rest (32 bytes)."""

    def __init__(self, exam_key: Ed25519PrivateKey, at_rest: bytes) -> None:
        self._exam_key = exam_key
        self._at_rest = at_rest

    def package(
        self, exam: Exam, chosen: Sequence[Stored], rolls: Sequence[SiteRoll], reserve: Sequence[Stored] = ()
    ) -> Package:
        """Seal `exam` for the sites of `rolls`, with the questions of a reserve paper if there are any. Each call makes
        new secrets."""
        by_officers = exam.plan.release == OFFICERS
        new_secret = new_shared_secret if by_officers else new_release_secret
        secrets = {"release": new_secret()} | ({"reserve": new_secret()} if reserve else {})
        codes = code_names(exam.codes)
        locks = {code: _Lock(secrets["release"], new_paper_key()) for code in codes}
        spare = {reserve_code(code): _Lock(secrets["reserve"], new_paper_key()) for code in codes if reserve}
        papers = tuple(self._paper(exam, code, lock.key, chosen) for code, lock in locks.items())
        reserves = tuple(self._paper(exam, code, lock.key, reserve) for code, lock in spare.items())
        manifest, signature = sign_manifest(self._exam_key, _manifest(exam, secrets, papers, reserves))
        sites: list[SitePackage] = []
        candidates: list[Candidate] = []
        for roll in rolls:
            seated = [self._candidate(exam, roll, place, codes) for place in range(len(roll.people))]
            candidates += [candidate for candidate, _ in seated]
            wraps = {
                code: wrap_key(lock.secret, roll.secret, exam.id, code, lock.key)
                for code, lock in (locks | spare).items()
            }
            roster = seal_roster(roll.secret, exam.id, [entry for _, entry in seated])
            sites.append(SitePackage(roll.site, wraps, roster))
        kept = {} if by_officers else {kind: self.keep_secret(exam, kind, one) for kind, one in secrets.items()}
        return Package(
            manifest=manifest,
            signature=signature,
            release_sealed=kept.get("release"),
            papers=papers + reserves,
            sites=tuple(sites),
            candidates=tuple(candidates),
            right=answer_key(chosen, exam.seed) | answer_key(reserve, exam.seed),
            reserve_sealed=kept.get("reserve"),
            shares={kind: shares_of(one) for kind, one in secrets.items()} if by_officers else {},
        )

    def moved(self, exam: Exam, t0_ns: int) -> tuple[bytes, bytes]:
        """Manifest and signature of a sealed exam with another T0, one version on."""
        assert exam.manifest is not None
        held = msgspec.msgpack.decode(exam.manifest, type=Manifest)
        return sign_manifest(
            self._exam_key, msgspec.structs.replace(held, t0_ns=t0_ns, version=exam.releasing.manifest_version + 1)
        )

    def switch(self, exam: Exam, opens_ns: int) -> bytes:
        """The exam key's word for when the reserve paper opens."""
        return sign_switch(self._exam_key, exam.id, opens_ns)

    def keep_secret(self, exam: Exam, kind: str, secret: bytes) -> bytes:
        """A secret of the exam (`release` or `reserve`) as the database keeps it."""
        return seal(self._at_rest, secret, _secret_context(exam, kind))

    def reserve_secret(self, exam: Exam) -> bytes | None:
        """The secret of the reserve paper; None where there is none, or only officers have it."""
        sealed = exam.releasing.reserve_sealed
        return None if sealed is None else unseal(self._at_rest, sealed, _secret_context(exam, "reserve"))

    def keep_share(self, exam: Exam, kind: str, share: bytes) -> bytes:
        """An officer's share that was entered, as the database keeps it."""
        return seal(self._at_rest, share, _secret_context(exam, f"share {kind}"))

    def read_share(self, exam: Exam, kind: str, sealed: bytes) -> bytes:
        """The opposite of `keep_share`."""
        return unseal(self._at_rest, sealed, _secret_context(exam, f"share {kind}"))

    def release_secret(self, exam: Exam) -> bytes:
        """The release secret of a sealed exam."""
        if exam.release_sealed is None:
            raise ValueError(f"{exam.id} has not been sealed")
        return unseal(self._at_rest, exam.release_sealed, _secret_context(exam, "release"))

    def candidate_secrets(self, exam: str, candidate: Candidate) -> tuple[str, bytes]:
        """PIN and voucher of a candidate, for the printed slip."""
        plain = unseal(self._at_rest, candidate.secrets, _slip_context(exam, candidate.number))
        return plain[:PIN_DIGITS].decode(), plain[PIN_DIGITS:]

    def paper(self, exam: str, stored: SealedPaper) -> Paper:
        """A sealed paper in the order of its code."""
        return self.unsealed(exam, stored).paper

    def unsealed(self, exam: str, stored: SealedPaper) -> Unsealed:
        """A sealed paper, with what each candidate's own order of it follows from (`wire.order`)."""
        key = unseal(self._at_rest, stored.key_sealed, _paper_context(exam, stored.code))
        return unseal_paper(key, stored.sealed)

    def _paper(self, exam: Exam, code: str, key: bytes, chosen: Sequence[Stored]) -> SealedPaper:
        paper = make_paper(exam.id, code, chosen, exam.seed, in_order=exam.choice.in_order)
        sealed = seal_paper(key, paper_bytes(paper))
        at_rest = seal(self._at_rest, key, _paper_context(exam.id, code))
        return SealedPaper(code, hashlib.sha256(sealed).digest(), sealed, at_rest)

    def _candidate(
        self, exam: Exam, roll: SiteRoll, place: int, codes: tuple[str, ...]
    ) -> tuple[Candidate, RosterEntry]:
        person, code = roll.people[place], codes[place % len(codes)]
        pin = REHEARSAL_PIN if exam.kind is ExamKind.REHEARSAL else new_pin()
        voucher = new_voucher()
        secrets = seal(self._at_rest, pin.encode() + voucher, _slip_context(exam.id, person.number))
        known_by = pin_digest(roll.secret, exam.id, person.number, pin)
        return (
            Candidate(person.number, roll.site, place, person.name, code, secrets, person.extra_s),
            RosterEntry(person.number, person.name, code, known_by, voucher, person.extra_s),
        )


class _Lock(msgspec.Struct, frozen=True):
    """What a paper is under: the secret that releases it, and its own key."""

    secret: bytes
    key: bytes


def _manifest(
    exam: Exam, secrets: Mapping[str, bytes], papers: Sequence[SealedPaper], reserves: Sequence[SealedPaper]
) -> Manifest:
    return Manifest(
        exam=exam.id,
        title=exam.title,
        t0_ns=exam.t0_ns,
        duration_s=exam.duration_s,
        release_sha256=release_digest(secrets["release"]),
        papers={paper.code: paper.digest for paper in papers},
        plan=exam.plan,
        reserve_sha256=release_digest(secrets["reserve"]) if reserves else b"",
        reserve_papers={code: one.digest for code, one in zip(code_names(exam.codes), reserves, strict=False)},
    )


def _secret_context(exam: Exam, kind: str) -> bytes:
    return f"{kind}|{exam.id}".encode()


def _paper_context(exam: str, code: str) -> bytes:
    return f"paper|{exam}|{code}".encode()


def _slip_context(exam: str, number: str) -> bytes:
    return f"candidate|{exam}|{number}".encode()
