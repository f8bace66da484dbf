"""Whether each site could open now: what it holds by its own word, and what is wrong, worst first. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from orchestrator.exams.model import SECOND, Exam
from orchestrator.exams.release_store import Turned
from orchestrator.sites.model import Standing
from wire.ids import ClockState, ExamState, SiteId
from wire.messages import ExamProgress, Heartbeat
from wire.paper import Manifest, reserve_code

MS = 1_000_000
QUIET_NS, SILENT_NS = 30 * SECOND, 300 * SECOND
DIGEST_SHOWN = 12


class Light(StrEnum):
    """How a site stands."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Reason(StrEnum):
    """Why it does not stand green; the first ones are those that keep it from opening."""

    UNPAIRED = "unpaired"
    SILENT = "silent"
    NO_PLAN = "no_plan"
    OLD_PLAN = "old_plan"
    PAPER_MISSING = "paper_missing"
    PAPER_DIFFERS = "paper_differs"
    CLOCK_BLIND = "clock_blind"
    QUIET = "quiet"
    RESERVE_MISSING = "reserve_missing"
    CLOCK_LOOSE = "clock_loose"
    OLD_AGENT = "old_agent"
    DAMAGED = "damaged"


_AMBER = frozenset({
    Reason.CLOCK_BLIND, Reason.QUIET, Reason.RESERVE_MISSING, Reason.CLOCK_LOOSE, Reason.OLD_AGENT, Reason.DAMAGED,
})  # fmt: skip


class HeardOf(msgspec.Struct, frozen=True):
    """The last heartbeat of a site, and when it came."""

    at_ns: int
    heartbeat: Heartbeat


class PaperView(msgspec.Struct, frozen=True):
    """A code at a site: what it says of its digest, whether that is the one that the centre sealed."""

    code: str
    digest: str
    here: bool
    right: bool


class SiteReadiness(msgspec.Struct, frozen=True):
    """One site; `heard_ms` None: never since the centre started. `turned`: it sits the reserve paper, `by_code`: after
    somebody there typed its code, and not by an order to all."""

    site: SiteId
    code: str
    name: str
    phone: str
    contact: str
    spare: bool
    light: Light
    reasons: list[Reason]
    heard_ms: int | None
    version: int
    papers: list[PaperView]
    checked_ms: int | None
    damaged: int
    clock: str | None
    bound_ms: float | None
    agent_version: str
    sqlite_version: str
    state: str | None
    turned: bool
    by_code: bool


class Readiness(msgspec.Struct, frozen=True):
    """All sites of an exam, the worst first, and how many stand how."""

    exam: str
    title: str
    state: str
    starts_ms: int
    version: int
    codes: dict[str, str]
    counts: dict[Light, int]
    switched_ms: int | None
    turned: int
    typed: int
    sites: list[SiteReadiness]


def readiness(
    exam: Exam,
    manifest: Manifest,
    standings: Mapping[SiteId, Standing],
    heard: Mapping[SiteId, HeardOf],
    now_ns: int,
    agent_version: str,
    registered: Mapping[SiteId, int],
    turned: Mapping[SiteId, Turned] = MappingProxyType({}),
) -> Readiness:
    """How every site of the exam stands. A spare site that nobody has paired is no trouble."""
    wanted = manifest.papers | {reserve_code(code): digest for code, digest in manifest.reserve_papers.items()}
    shown = {code: digest.hex()[:DIGEST_SHOWN] for code, digest in wanted.items()}
    sites = [
        one_site(
            exam,
            site,
            standings.get(site),
            heard.get(site),
            shown,
            now_ns,
            agent_version,
            registered.get(site, 0),
            turned.get(site),
        )
        for site in exam.sites
    ]
    order = list(Light)
    sites.sort(key=lambda each: (not _counts(each), order.index(each.light), each.code))
    return Readiness(
        exam=exam.id,
        title=exam.title,
        state=exam.stage.value,
        starts_ms=exam.t0_ns // MS,
        version=exam.releasing.manifest_version,
        codes=shown,
        counts={light: sum(each.light is light for each in sites if _counts(each)) for light in order},
        switched_ms=exam.releasing.switched_ns // MS if exam.releasing.switched_ns is not None else None,
        turned=sum(each.turned for each in sites),
        typed=sum(each.by_code for each in sites),
        sites=sites,
    )


def _counts(each: SiteReadiness) -> bool:
    return not (each.spare and Reason.UNPAIRED in each.reasons)


def one_site(
    exam: Exam,
    site: SiteId,
    standing: Standing | None,
    heard: HeardOf | None,
    wanted: Mapping[str, str],
    now_ns: int,
    agent_version: str,
    registered: int,
    turned: Turned | None = None,
) -> SiteReadiness:
    """How one site stands."""
    beat = heard.heartbeat if heard else None
    told = next((one for one in beat.exams if one.exam == exam.id), None) if beat else None
    reasons = _reasons(exam, standing, heard, told, wanted, now_ns, agent_version)
    light = Light.GREEN if not reasons else Light.AMBER if set(reasons) <= _AMBER else Light.RED
    return SiteReadiness(
        site=site,
        code=standing.site.code if standing else "",
        name=standing.site.name if standing else "",
        phone=standing.site.phone if standing else "",
        contact=standing.site.contact if standing else "",
        spare=registered == 0,
        light=light,
        reasons=reasons,
        heard_ms=heard.at_ns // MS if heard else None,
        version=told.version if told else 0,
        papers=[
            PaperView(one.code, one.digest, one.here, wanted.get(one.code) == one.digest)
            for one in (told.papers if told else [])
        ],
        checked_ms=told.checked_ns // MS if told and told.checked_ns is not None else None,
        damaged=told.damaged if told else 0,
        clock=beat.clock.state.value if beat else None,
        bound_ms=beat.clock.bound_ms if beat else None,
        agent_version=beat.agent_version if beat else "",
        sqlite_version=beat.sqlite_version if beat else "",
        state=told.state.value if told else None,
        turned=turned is not None or (told is not None and told.reserve),
        by_code=turned is not None and turned.by_code,
    )


def _reasons(
    exam: Exam,
    standing: Standing | None,
    heard: HeardOf | None,
    told: ExamProgress | None,
    wanted: Mapping[str, str],
    now_ns: int,
    agent_version: str,
) -> list[Reason]:
    if standing is None or not standing.paired:
        return [Reason.UNPAIRED]
    if heard is None or now_ns - heard.at_ns > SILENT_NS:
        return [Reason.SILENT]
    beat = heard.heartbeat
    found = {
        Reason.QUIET: now_ns - heard.at_ns > QUIET_NS,
        Reason.CLOCK_BLIND: beat.clock.state is ClockState.BLIND,
        Reason.CLOCK_LOOSE: beat.clock.state is ClockState.LOOSE,
        Reason.OLD_AGENT: beat.agent_version != agent_version,
        Reason.NO_PLAN: told is None,
    }
    if told is not None:
        found |= _paper_faults(exam, told, wanted)
    return [reason for reason in Reason if found.get(reason)]


def _paper_faults(exam: Exam, told: ExamProgress, wanted: Mapping[str, str]) -> dict[Reason, bool]:
    here = {one.code: one.digest for one in told.papers if one.here}
    lacking = set(wanted) - set(here)
    spare = {code for code in lacking if code.startswith("R")}
    over = told.state in (ExamState.CLOSED, ExamState.CANCELLED)
    return {
        Reason.OLD_PLAN: told.version < exam.releasing.manifest_version,
        Reason.PAPER_MISSING: bool(lacking - spare) and not over,
        Reason.PAPER_DIFFERS: any(wanted.get(code, digest) != digest for code, digest in here.items()),
        Reason.RESERVE_MISSING: bool(spare) and not over,
        Reason.DAMAGED: told.damaged > 0,
    }
