"""From a wish to a draft, and from a register to the rolls of an exam. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from orchestrator.errors import Refused
from orchestrator.exams.choice import Choice, ExamKind, TopicShare, choice_faults
from orchestrator.exams.model import Exam, Releasing, Stage
from orchestrator.exams.papers import MAX_CODES, Lacking
from orchestrator.exams.release.sharing import OFFICERS as OFFICER_COUNT
from orchestrator.exams.sealing import Person, SiteRoll
from orchestrator.sites.model import Participant, Site
from wire.ids import ExamId, ItemId, PersonId, SiteId
from wire.paper import OFFICERS, Plan, Shuffle

MS = 1_000_000
MAX_DURATION_S = 24 * 3600
SHORTEST_LATE_CAP_S = 1.0
MAX_LEAD_S = 7 * 24 * 3600
MAX_QUESTIONS = 500
MAX_SPARES = 50


class OfficerWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is to hold a share of the release."""

    name: str
    phone: str


class ExamWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a planner asks for. `sites` None means all sites; leads in seconds; `topics` or `by_hand` say which
    questions (`Choice`), and then `questions` is their number.

    `officers`: the three people of a release by officers; `reserve`: a reserve paper of other questions for every
    code; `spares`: sites without a school to prepare; `release_hosts` None: those of the configuration; `shuffle`:
    every candidate has an order of their own on the screen, and nothing is printed."""

    title: str
    starts_ms: int
    duration_s: int
    questions: int
    codes: int = 2
    sites: list[SiteId] | None = None
    release_lead_s: float = 60.0
    sign_in_lead_s: float = 1800.0
    upload_jitter_s: float = 20.0
    late_cap_s: float = 1800.0
    topics: list[TopicShare] = []
    by_hand: list[ItemId] = []
    in_order: bool = False
    release: Literal["automatic", "officers"] = "automatic"
    officers: list[OfficerWish] = []
    reserve: bool = False
    spares: int = 0
    release_hosts: list[str] | None = None
    officers_lead_s: float = 1800.0
    freeze_lead_s: float = 48 * 3600.0
    reserve_lead_s: float = 60.0
    check_every_s: float = 900.0
    shuffle: bool = False

    def choice(self) -> Choice:
        """Which questions it asks for."""
        return Choice(tuple(self.topics), tuple(self.by_hand), self.in_order)

    def shuffled(self) -> Shuffle:
        """What is put in another order for every candidate: questions that keep their order keep it here too."""
        if not self.shuffle:
            return Shuffle.NONE
        return Shuffle.OPTIONS if self.in_order else Shuffle.WHOLE


def draft(
    wish: ExamWish,
    known: Sequence[SiteId],
    *,
    now_ns: int,
    identity: ExamId,
    seed: bytes,
    who: PersonId | None,
    kind: ExamKind = ExamKind.EXAM,
    hosts: Sequence[str] = (),
) -> Exam:
    """The draft of a wish; raises `Refused` with every fault of it."""
    faults = _faults(wish, known, now_ns)
    if faults:
        raise Refused("bad_exam", "; ".join(faults), 422, faults=faults)
    return Exam(
        id=identity,
        title=wish.title.strip(),
        stage=Stage.DRAFT,
        version=1,
        t0_ns=wish.starts_ms * MS,
        duration_s=wish.duration_s,
        plan=Plan(
            sign_in_lead_s=wish.sign_in_lead_s,
            release_lead_s=wish.release_lead_s,
            late_cap_s=wish.late_cap_s,
            upload_jitter_s=wish.upload_jitter_s,
            release=wish.release,
            release_hosts=tuple(hosts if wish.release_hosts is None else wish.release_hosts),
            officers_lead_s=wish.officers_lead_s,
            freeze_lead_s=wish.freeze_lead_s,
            reserve_lead_s=wish.reserve_lead_s,
            check_every_s=wish.check_every_s,
            shuffle=wish.shuffled(),
        ),
        questions=wish.choice().count(wish.questions),
        codes=wish.codes,
        sites=tuple(sorted(set(known if wish.sites is None else wish.sites))),
        seed=seed,
        created_ns=now_ns,
        who=who,
        kind=kind,
        choice=wish.choice(),
        releasing=Releasing(spares=wish.spares, reserve=wish.reserve),
    )


def _faults(wish: ExamWish, known: Sequence[SiteId], now_ns: int) -> list[str]:
    faults = []
    if not 1 <= len(wish.title.strip()) <= 200:
        faults.append("tên kỳ thi cần 1 đến 200 ký tự")
    if not now_ns < wish.starts_ms * MS < 2**63 - 1:
        faults.append("giờ bắt đầu phải ở phía trước")
    if not 1 <= wish.duration_s <= MAX_DURATION_S:
        faults.append("thời gian làm bài phải từ 1 giây đến 24 giờ")
    faults += choice_faults(wish.choice())
    if not 1 <= wish.choice().count(wish.questions) <= MAX_QUESTIONS:
        faults.append(f"số câu hỏi phải từ 1 đến {MAX_QUESTIONS}")
    if not 1 <= wish.codes <= MAX_CODES:
        faults.append(f"số mã đề phải từ 1 đến {MAX_CODES}")
    faults += _release_faults(wish)
    leads = (
        wish.release_lead_s, wish.sign_in_lead_s, wish.upload_jitter_s, wish.late_cap_s, wish.officers_lead_s,
        wish.freeze_lead_s, wish.reserve_lead_s, wish.check_every_s,
    )  # fmt: skip
    if not all(0 <= lead <= MAX_LEAD_S for lead in leads):
        faults.append("các khoảng thời gian phải từ 0 giây đến 7 ngày")
    if wish.late_cap_s < SHORTEST_LATE_CAP_S:
        faults.append(f"thời gian được mở muộn phải từ {SHORTEST_LATE_CAP_S:.0f} giây: không máy nào mở đúng từng ly")
    if unknown := set(wish.sites or ()) - set(known):
        faults.append(f"không có điểm cầu {', '.join(sorted(unknown))}")
    if not known or wish.sites == []:
        faults.append("chưa có điểm cầu nào")
    return faults


def _release_faults(wish: ExamWish) -> list[str]:
    faults = []
    by_officers = wish.release == OFFICERS
    named = [one for one in wish.officers if one.name.strip() and one.phone.strip()]
    if by_officers and not len(named) == len(wish.officers) == OFFICER_COUNT:
        faults.append(f"mở đề bằng cán bộ giữ mã cần đúng {OFFICER_COUNT} người, đủ họ tên và số điện thoại")
    if any(len(one.name) > 200 or len(one.phone) > 40 for one in wish.officers):
        faults.append("họ tên hoặc số điện thoại cán bộ quá dài")
    if not by_officers and wish.officers:
        faults.append("mở đề tự động thì không có cán bộ giữ mã")
    if by_officers and wish.officers_lead_s < wish.release_lead_s:
        faults.append("cán bộ phải được nhập mã trước giờ phát mã")
    if not 0 <= wish.spares <= MAX_SPARES:
        faults.append(f"số điểm cầu dự phòng phải từ 0 đến {MAX_SPARES}")
    if wish.check_every_s < 1:
        faults.append("thời gian giữa hai lần kiểm tra phải từ 1 giây")
    if any(not host.startswith(("http://", "https://")) for host in wish.release_hosts or ()):
        faults.append("nơi đăng mã mở đề phải là địa chỉ http:// hoặc https://")
    return faults


def rolls(exam: Exam, people: Sequence[Participant], secrets: Mapping[SiteId, bytes]) -> list[SiteRoll]:
    """Who sits the exam where; raises `Refused` when a site has no secret or nobody is registered at all."""
    seated: dict[SiteId, list[Person]] = {site: [] for site in exam.sites}
    for person in people:
        if person.site in seated:
            seated[person.site].append(Person(person.number, person.name, person.extra_s))
    if missing := sorted(set(exam.sites) - set(secrets)):
        raise Refused("no_site_secret", f"Thiếu khóa của điểm cầu {', '.join(missing)}. / No secret.", 409)
    if not any(seated.values()):
        raise Refused("no_candidates", "Chưa có thí sinh nào trong danh sách. / Nobody is registered.", 409)
    return [SiteRoll(site, secrets[site], tuple(present)) for site, present in seated.items()]


def too_few(lacking: Lacking, *, reserve: bool = False) -> Refused:
    """The bank, or a topic of it, is too small, or a question chosen by hand is no longer in it."""
    held, wanted = lacking.held, lacking.wanted
    where = "Ngân hàng" if lacking.topic is None else f"Chủ đề “{lacking.topic}”"
    if reserve:
        where = f"Sau khi trừ câu của đề chính, {where[0].lower()}{where[1:]}"
    message = f"{where} có {held} câu, cần {wanted}. / The bank holds {held} questions, {wanted} are needed."
    return Refused("too_few_questions", message, 409, held=held, wanted=wanted, topic=lacking.topic)


def too_many_at(sites: Sequence[Site]) -> Refused:
    """These sites' lists of candidates are longer than a link carries."""
    named = ", ".join(f"{site.code} {site.name}" for site in sites)
    message = (
        f"Danh sách thí sinh quá dài tại {named}: hãy chia thí sinh sang điểm cầu khác rồi niêm phong lại. / "
        f"Too many candidates at {named}: move some to another site and seal again."
    )
    return Refused("roster_too_large", message, 409, sites=[site.id for site in sites])
