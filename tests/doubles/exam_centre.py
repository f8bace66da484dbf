"""A centre reduced to what a site's exam needs: a signed plan, sealed papers, the release secret."""

import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.exam_release import sign_switch
from wire.ids import ExamId, ItemId, OptionId, new_id
from wire.messages import ExamPlan, ExamRelease, ExamSwitch
from wire.order import own_paper, unseal_paper
from wire.paper import Item, Manifest, Option, Paper, Picture, Plan, paper_bytes, reserve_code, sign_manifest
from wire.roster import RosterEntry, new_pin, new_voucher, pin_digest, seal_roster
from wire.seal import (
    CROCKFORD,
    new_paper_key,
    new_release_secret,
    release_digest,
    release_text,
    seal_paper,
    voucher_text,
    wrap_key,
)

NAMES = ("Nguyễn Thị Hoa", "Trần Văn Bình", "Lê Thị Mỹ Duyên", "Phạm Quốc Khánh", "Hoàng Thị Hồng Nhung", "Vũ Đức Anh")


@dataclass
class ExamCentre:
    """One exam of one site. `slips`: number → (PIN, voucher text); `first` takes the place of the first question."""

    t0_ns: int
    duration_s: int = 60
    questions: int = 5
    candidates: int = 4
    plan: Plan = field(default_factory=lambda: Plan(3600.0, 60.0, 1800.0, 0.0))
    exam: ExamId = field(default_factory=lambda: ExamId(new_id("exam")))
    site_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    version: int = 1
    extra_s: int = 0
    reserve: bool = False
    first: Item | None = None
    pictures: tuple[Picture, ...] = ()
    signer: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def __post_init__(self) -> None:
        self.exam_key = self.signer.public_key().public_bytes_raw()
        self.secret = new_release_secret()
        self.slips: dict[str, tuple[str, str]] = {}
        self.roster = [self._entry(place) for place in range(self.candidates)]
        self._keys = {code: new_paper_key() for code in ("101", "102")}
        items = [_item(number) for number in range(1, self.questions + 1)]
        items[:1] = [self.first] if self.first else items[:1]
        self.papers = {
            "101": Paper(self.exam, "101", tuple(items), self.pictures),
            "102": Paper(self.exam, "102", tuple(reversed(items)), self.pictures),
        }
        self.sealed = {code: seal_paper(self._keys[code], paper_bytes(p)) for code, p in self.papers.items()}
        self.by_digest = {hashlib.sha256(blob).digest(): blob for blob in self.sealed.values()}
        self.fetched = 0
        self.reserve_secret = new_release_secret()
        self._reserve_keys = {code: new_paper_key() for code in self.papers} if self.reserve else {}
        self.reserve_papers = {
            code: Paper(self.exam, reserve_code(code), tuple(_item(n, "dự bị ") for n in range(1, self.questions + 1)))
            for code in self._reserve_keys
        }
        self.reserve_sealed = {
            code: seal_paper(key, paper_bytes(self.reserve_papers[code])) for code, key in self._reserve_keys.items()
        }
        self.by_digest |= {hashlib.sha256(blob).digest(): blob for blob in self.reserve_sealed.values()}

    def _entry(self, place: int) -> RosterEntry:
        number, pin, voucher = f"SBD{place + 1:03d}", new_pin(), new_voucher()
        self.slips[number] = (pin, voucher_text(voucher))
        code = "101" if place % 2 == 0 else "102"
        digest = pin_digest(self.site_secret, self.exam, number, pin)
        return RosterEntry(number, NAMES[place % len(NAMES)], code, digest, voucher, self.extra_s if place else 0)

    @property
    def manifest(self) -> Manifest:
        """What is signed."""
        return Manifest(
            exam=self.exam,
            title="Bồi dưỡng thường xuyên, bài kiểm tra cuối đợt",
            t0_ns=self.t0_ns,
            duration_s=self.duration_s,
            release_sha256=release_digest(self.secret),
            papers={code: hashlib.sha256(blob).digest() for code, blob in self.sealed.items()},
            plan=self.plan,
            version=self.version,
            reserve_sha256=release_digest(self.reserve_secret) if self.reserve else b"",
            reserve_papers={code: hashlib.sha256(blob).digest() for code, blob in self.reserve_sealed.items()},
        )

    def own_paper(self, number: str) -> Paper:
        """The paper as this candidate is to see it."""
        code = next(entry.code for entry in self.roster if entry.number == number)
        return own_paper(unseal_paper(self._keys[code], self.sealed[code]), number, self.plan.shuffle)

    def exam_plan(self) -> ExamPlan:
        """The plan as it goes to the site."""
        content, signature = sign_manifest(self.signer, self.manifest)
        wraps = {c: wrap_key(self.secret, self.site_secret, self.exam, c, key) for c, key in self._keys.items()}
        for code, key in self._reserve_keys.items():
            name = reserve_code(code)
            wraps[name] = wrap_key(self.reserve_secret, self.site_secret, self.exam, name, key)
        roster = seal_roster(self.site_secret, self.exam, self.roster)
        return ExamPlan(manifest=content, signature=signature, wraps=wraps, sealed_roster=roster)

    def release(self) -> ExamRelease:
        """The secret as it is pushed."""
        return ExamRelease(exam=self.exam, secret=self.secret)

    def switch(self, opens_ns: int) -> ExamSwitch:
        """The order to sit the reserve paper."""
        signature = sign_switch(self.signer, self.exam, opens_ns)
        return ExamSwitch(exam=self.exam, secret=self.reserve_secret, opens_ns=opens_ns, signature=signature)

    def release_code(self) -> str:
        """The secret as it is read out."""
        return release_text(self.secret)

    def mistyped_code(self) -> str:
        """The same with another last sign."""
        right = self.release_code()
        return right[:-1] + next(sign for sign in CROCKFORD if sign != right[-1])

    async def fetch(self, digest: bytes) -> bytes:
        """The site's source of sealed papers."""
        self.fetched += 1
        return self.by_digest[digest]


def _item(number: int, kind: str = "") -> Item:
    options = tuple(Option(OptionId(new_id("opt")), f"Phương án {letter} của câu {number}") for letter in "1234")
    text = f"Câu hỏi {kind}số {number}: theo thầy cô, cách làm nào sau đây phù hợp nhất với học sinh của lớp mình?"
    return Item(ItemId(new_id("item")), text, options)
