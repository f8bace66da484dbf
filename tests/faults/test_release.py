"""The release that is lost, late, early, mistyped or forged: nobody opens before T0, and everybody opens."""

import time
from pathlib import Path

import msgspec

from demo.candidates import Slip, sit_all
from site_agent.exam.download import DownloadFailed
from site_agent.exam.polling import ReleasePoll
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import Site, running
from tests.doubles.lost_answers import LostAnswers
from wire.exam_release import write_certificate
from wire.paper import Plan
from wire.seal import new_release_secret

PLAN = Plan(3600.0, 60.0, 1800.0, 0.0)
HOSTS = ("https://a.example/release", "https://b.example/release")


class Hosts:
    """Static hosts; those `down` do not answer, and `forged` ones tell something of their own."""

    def __init__(self, centre: ExamCentre) -> None:
        self.true = write_certificate(centre.exam, centre.secret, None)
        self.down: set[str] = set()
        self.forged: dict[str, bytes] = {}
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        host = url.split("/")[2]
        if host in self.down:
            raise DownloadFailed(f"{host} does not answer")
        return self.forged.get(host, self.true)


def poll(site: Site, hosts: Hosts) -> ReleasePoll:
    return ReleasePoll(site.exams, "http://centre.example", hosts.fetch, lambda: False)


async def sealed(site: Site, centre: ExamCentre) -> None:
    await site.exams.on_plan(centre.exam_plan())
    await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.SEALED)


async def everybody_sits(site: Site, centre: ExamCentre, count_lost: LostAnswers) -> None:
    """Every candidate answers every question; what showed ✓ must be in the journal."""
    slips = [Slip(site.url, centre.exam, n, pin) for n, (pin, _) in centre.slips.items()]
    sittings = await sit_all(slips, lambda _number, _question: 0, pace_s=0.01, received_within_s=0.1)
    acked = {(sat.slip.number, item, option) for sat in sittings for item, option in sat.saved_answers}
    past = await site.journal.past()
    assert len(acked) == centre.candidates * centre.questions
    count_lost(acked, {(entry.event.candidate, entry.event.item, entry.event.option) for entry in past.entries})


async def test_a_lost_push_and_a_host_that_is_down_leave_the_other_host(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(
        t0_ns=time.time_ns() + S, duration_s=3600, plan=msgspec.structs.replace(PLAN, release_hosts=HOSTS)
    )
    hosts = Hosts(centre)
    hosts.down = {"centre.example", "a.example"}
    async with running(tmp_path, centre) as site:
        await sealed(site, centre)
        await poll(site, hosts).look()
        assert len(hosts.asked) == 3
        await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
        assert time.time_ns() >= centre.t0_ns
        await everybody_sits(site, centre, count_lost)


async def test_a_forged_certificate_opens_nothing_and_the_true_one_does(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(
        t0_ns=time.time_ns() - S, duration_s=3600, plan=msgspec.structs.replace(PLAN, release_hosts=HOSTS)
    )
    hosts = Hosts(centre)
    hosts.down = {"b.example"}
    hosts.forged = {
        "a.example": write_certificate(centre.exam, new_release_secret(), None),
        "centre.example": b"<html>Wi-Fi</html>",
    }
    async with running(tmp_path, centre) as site:
        await sealed(site, centre)
        await poll(site, hosts).look()
        assert site.exams.halls[centre.exam].held.secret is None
        hosts.down.clear()
        await poll(site, hosts).look()
        await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
        await everybody_sits(site, centre, count_lost)


async def test_a_secret_five_minutes_early_opens_nothing_before_t0(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 300 * S)
    async with running(tmp_path, centre) as site:
        await sealed(site, centre)
        await site.exams.on_release(centre.release())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.ARMED)
        now = site.exams.read()
        wait_ns = hall.window.wait_ns(now)
        assert wait_ns is not None
        assert now.centre_ns + wait_ns >= centre.t0_ns
        assert hall.paper_for("SBD001") is None


async def test_a_secret_twenty_minutes_late_opens_at_once_with_the_full_length_and_loses_nothing(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() - 1200 * S, plan=PLAN, duration_s=3600)
    async with running(tmp_path, centre) as site:
        await sealed(site, centre)
        await site.exams.on_release(centre.release())
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.OPEN)
        assert hall.window.left_ns(site.exams.read()) > 3590 * S
        await everybody_sits(site, centre, count_lost)


async def test_a_code_with_a_wrong_sign_is_refused_at_once_and_the_right_one_opens(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() - S, duration_s=3600)
    async with running(tmp_path, centre) as site:
        await sealed(site, centre)
        right = centre.release_code()
        wrong = ("0" if right[0] != "0" else "1") + right[1:]
        assert not await site.exams.type_code(centre.exam, wrong)
        assert site.exams.halls[centre.exam].held.secret is None
        assert await site.exams.type_code(centre.exam, right.lower())
        await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
        await everybody_sits(site, centre, count_lost)


async def test_a_paper_of_the_wrong_code_is_put_right_by_a_new_plan_before_t0(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    """People assigned the wrong code: the roster of a newer plan gives the right paper to whoever sits there."""
    centre = ExamCentre(t0_ns=time.time_ns() + 2 * S, duration_s=3600, candidates=2)
    async with running(tmp_path, centre) as site:
        await sealed(site, centre)
        assert site.exams.halls[centre.exam].roster["SBD001"].code == "101"
        centre.roster = [msgspec.structs.replace(entry, code="102") for entry in centre.roster]
        centre.version = 2
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        await eventually(lambda: site.exams.halls[centre.exam].window.phase is Phase.OPEN)
        paper = site.exams.halls[centre.exam].paper_for("SBD001")
        assert paper is not None
        assert '"code":"102"' in paper
        await everybody_sits(site, centre, count_lost)
