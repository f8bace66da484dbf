import hashlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.exams.model import Exam, Stage
from orchestrator.exams.papers import Stored
from orchestrator.exams.sealing import Package, Person, Sealer, SiteRoll
from wire.ids import ExamId, ItemId, OptionId, SiteId
from wire.paper import Option, Plan, read_paper, verify_manifest
from wire.roster import open_roster, pin_fits
from wire.seal import SealBroken, new_release_secret, open_paper, release_digest, unwrap_key

KEY = Ed25519PrivateKey.generate()
SEALER = Sealer(KEY, b"r" * 32)
EXAM = Exam(
    ExamId("exam-1"), "Thi", Stage.DRAFT, 1, 10**18, 600, Plan(), 3, 2, (SiteId("a"), SiteId("b")), b"s" * 32, 0
)
CHOSEN = [
    Stored(ItemId(f"q{n}"), f"Câu {n}?", tuple(Option(OptionId(f"o{n}{x}"), x) for x in "abcd"), OptionId(f"o{n}a"))
    for n in range(3)
]
ROLLS = [
    SiteRoll(SiteId("a"), b"a" * 32, tuple(Person(f"000{n}", f"Người {n}") for n in range(3))),
    SiteRoll(SiteId("b"), b"b" * 32, (Person("0009", "Người 9"),)),
]


@pytest.fixture(scope="module")
def package() -> Package:
    return SEALER.package(EXAM, CHOSEN, ROLLS)


def released(package: Package) -> bytes:
    return SEALER.release_secret(msgspec.structs.replace(EXAM, release_sealed=package.release_sealed))


def test_every_site_opens_every_code_with_both_secrets(package: Package) -> None:
    secret = released(package)
    for roll, site in zip(ROLLS, package.sites, strict=True):
        for paper in package.papers:
            key = unwrap_key(secret, roll.secret, EXAM.id, paper.code, site.wraps[paper.code])
            assert read_paper(open_paper(key, paper.sealed)).code == paper.code


def test_a_wrap_opens_with_neither_secret_alone(package: Package) -> None:
    secret, wrap = released(package), package.sites[0].wraps["101"]
    for release, site in ((new_release_secret(), ROLLS[0].secret), (secret, ROLLS[1].secret), (b"", ROLLS[0].secret)):
        with pytest.raises(SealBroken):
            unwrap_key(release, site, EXAM.id, "101", wrap)


def test_the_signed_manifest_fixes_papers_and_release(package: Package) -> None:
    manifest = verify_manifest(KEY.public_key().public_bytes_raw(), package.manifest, package.signature)
    assert manifest.papers == {paper.code: hashlib.sha256(paper.sealed).digest() for paper in package.papers}
    assert manifest.release_sha256 == release_digest(released(package))
    assert (manifest.t0_ns, manifest.duration_s, manifest.plan) == (EXAM.t0_ns, 600, EXAM.plan)


def test_codes_alternate_in_roster_order_and_each_pin_fits_its_seat(package: Package) -> None:
    for roll, site in zip(ROLLS, package.sites, strict=True):
        roster = open_roster(roll.secret, EXAM.id, site.roster)
        assert [entry.code for entry in roster] == ["101", "102", "101"][: len(roster)]
        for entry in roster:
            candidate = next(one for one in package.candidates if one.number == entry.number)
            pin, voucher = SEALER.candidate_secrets(EXAM.id, candidate)
            assert pin_fits(entry, roll.secret, EXAM.id, pin)
            assert voucher == entry.voucher_key


def test_secrets_at_rest_need_the_centres_own_key(package: Package) -> None:
    thief = Sealer(KEY, b"x" * 32)
    with pytest.raises(SealBroken):
        thief.release_secret(msgspec.structs.replace(EXAM, release_sealed=package.release_sealed))
    with pytest.raises(SealBroken):
        thief.candidate_secrets(EXAM.id, package.candidates[0])
    with pytest.raises(SealBroken):
        SEALER.candidate_secrets("exam-2", package.candidates[0])


def test_an_unsealed_exam_has_no_release() -> None:
    with pytest.raises(ValueError, match="not been sealed"):
        SEALER.release_secret(EXAM)


def test_nothing_that_leaves_says_which_option_is_right(package: Package) -> None:
    secret = released(package)
    outgoing = [package.manifest, *(paper.sealed for paper in package.papers)]
    outgoing += [open_roster_bytes(roll, site.roster) for roll, site in zip(ROLLS, package.sites, strict=True)]
    right = list(package.right.values())
    assert not any(option.encode() in content for option in right for content in outgoing)
    key = unwrap_key(secret, ROLLS[0].secret, EXAM.id, "101", package.sites[0].wraps["101"])
    paper = read_paper(open_paper(key, package.papers[0].sealed))
    for item in paper.items:
        assert set(msgspec.structs.asdict(item)) == {"id", "text", "options", "pinned", "images"}
        assert item.pinned == ()


def open_roster_bytes(roll: SiteRoll, sealed: bytes) -> bytes:
    return msgspec.msgpack.encode(open_roster(roll.secret, EXAM.id, sealed))
