import time
from pathlib import Path

import aiohttp
import msgspec
import pytest

from site_agent.exam.clocks import SiteClocks
from site_agent.exam.journal import Journal
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault, VaultRefused
from site_agent.exam.window import Phase
from tests.doubles.centre_time import HeldTime, S, SteadyTime
from tests.doubles.eventually import eventually
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from tests.doubles.exam_phone import Phone, answer, kept, open_exam
from tests.doubles.lost_answers import LostAnswers
from wire.chain import EventKind
from wire.voucher import resume_proof, resumed_session_key


async def kinds(exams: ExamSite, number: str) -> list[EventKind]:
    past = await exams.journal.past()
    return [entry.event.kind for entry in past.entries if entry.event.candidate == number]


async def test_a_message_marked_with_another_key_is_not_recorded(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    item = centre.papers["101"].items[0]
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        await phone.say(**answer(seat, 1, item.id, item.options[0].id, key="ab" * 32))
        assert phone.last("trouble")["code"] == "mac_refused"
        assert EventKind.ANSWER not in await kinds(exams, "SBD001")


async def test_a_colleague_cannot_answer_in_another_session(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    item = centre.papers["101"].items[0]
    async with open_exam(tmp_path, centre) as exams:
        victim, colleague = Phone(exams), Phone(exams)
        seat = await victim.sit(centre, "SBD001")
        await colleague.sit(centre, "SBD002")
        await colleague.say(**answer(seat, 1, item.id, item.options[0].id))
        assert colleague.last("trouble")["code"] == "mac_refused"
        assert EventKind.ANSWER not in await kinds(exams, "SBD001")


async def test_a_message_said_again_later_changes_nothing(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    item = centre.papers["101"].items[0]
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        first = answer(seat, 1, item.id, item.options[0].id)
        await phone.say(**first)
        await phone.say(**answer(seat, 2, item.id, item.options[1].id))
        await phone.say(**first)
        assert phone.count("saved") == 3
        assert (await kinds(exams, "SBD001")).count(EventKind.ANSWER) == 2
        placed = exams.halls[centre.exam].sitting("SBD001").answers[item.id]
        assert placed.option == item.options[1].id


async def test_a_proof_heard_on_the_air_is_worth_nothing_on_another_connection(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    async with open_exam(tmp_path, centre) as exams:
        phone, listener = Phone(exams), Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        proof = resume_proof(seat["key"], seat["session"], phone.last("welcome")["nonce"])
        await listener.say(type="hello")
        await listener.say(type="resume", exam=centre.exam, session=seat["session"], proof=proof)
        assert listener.last("trouble")["code"] == "sign_in_again"


async def test_the_newest_page_is_the_live_one(tmp_path: Path, count_lost: LostAnswers) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    item = centre.papers["101"].items[0]
    async with open_exam(tmp_path, centre) as exams:
        old, new = Phone(exams), Phone(exams)
        seat = await old.sit(centre, "SBD001")
        await new.say(type="hello")
        proof = resume_proof(seat["key"], seat["session"], new.last("welcome")["nonce"])
        await new.say(type="resume", exam=centre.exam, session=seat["session"], proof=proof)
        fresh = new.last("signed_in")
        fresh["key"] = resumed_session_key(seat["key"], fresh["session"])
        assert old.count("moved") == 1
        await new.say(**answer(fresh, 1, item.id, item.options[1].id))
        await old.say(**answer(seat, 1, item.id, item.options[0].id))
        assert old.last("saved")["note"] == "aside"
        assert exams.halls[centre.exam].sitting("SBD001").answers[item.id].option == item.options[1].id
        count_lost(old.ticked | new.ticked, await kept(exams.journal))


async def test_nothing_is_taken_before_the_paper_opens(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S)
    item = centre.papers["101"].items[0]
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        phone = Phone(site.exams)
        seat = await phone.sit(centre, "SBD001")
        await phone.say(**answer(seat, 1, item.id, item.options[0].id))
        assert phone.last("trouble")["code"] == "not_open"
        assert phone.count("opened") == 0


async def test_an_option_of_another_paper_is_refused(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        await phone.say(**answer(seat, 1, centre.papers["101"].items[0].id, "opt-none"))
        assert phone.last("trouble")["code"] == "unknown_item"


async def test_guessing_a_pin_is_slowed_down_and_a_voucher_still_gets_in(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        for _ in range(6):
            await phone.say(type="sign_in", exam=centre.exam, number="SBD001", pin="wrong")
        assert phone.last("trouble")["code"] == "wait"
        assert phone.last("trouble")["wait_s"] > 0


async def test_a_window_closes_at_its_own_end_and_what_comes_later_goes_to_a_person(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=5)
    items = centre.papers["101"].items
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        await phone.say(**answer(seat, 1, items[0].id, items[0].options[0].id))
        await eventually(lambda: phone.count("closed") == 1)
        closed = phone.last("closed")
        await phone.say(**answer(seat, 2, items[1].id, items[1].options[0].id))
        assert phone.last("saved")["note"] == "late"
        expected = [EventKind.SIGN_IN, EventKind.OPEN, EventKind.ANSWER, EventKind.CLOSE, EventKind.LATE]
        assert await kinds(exams, "SBD001") == expected
        assert closed["receipt"] == exams.halls[centre.exam].sitting("SBD001").receipt
        count_lost(phone.ticked, await kept(exams.journal))


async def test_a_pin_signs_nobody_in_after_the_close(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=5)
    async with open_exam(tmp_path, centre) as exams:
        sitting, late = Phone(exams), Phone(exams)
        await sitting.sit(centre, "SBD001")
        hall = exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.CLOSED)
        for number in ("SBD001", "SBD002"):
            await late.say(type="sign_in", exam=centre.exam, number=number, pin=centre.slips[number][0])
            assert late.last("trouble")["code"] == "over"
        assert late.count("signed_in") == 0
        assert not await kinds(exams, "SBD002")


async def test_a_message_of_a_session_that_nobody_knows_is_named_to_the_page_that_brings_it(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    item = centre.papers["101"].items[0]
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        await phone.say(**answer({"session": "lost", "key": "ab" * 32}, 7, item.id, item.options[0].id))
        told = phone.last("trouble")
        assert (told["code"], told["session"], told["client_seq"]) == ("sign_in_again", "lost", 7)


async def test_what_the_disk_refused_at_first_is_not_called_received_before_it_is(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    items = centre.papers["101"].items
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        for seq in (1, 3, 2):
            await phone.say(**answer(seat, seq, items[seq].id, items[seq].options[0].id))
        rows = {e.event.client_seq: e.row for e in (await exams.journal.past()).entries if e.event.client_seq}
        exams.confirmed(rows[3])
        assert phone.last("received")["through"] == 1
        exams.confirmed(rows[2])
        assert phone.last("received")["through"] == 3


async def test_an_answer_counts_until_the_very_close_by_the_agents_clock_whatever_the_page_thinks(
    tmp_path: Path, count_lost: LostAnswers
) -> None:
    centre = ExamCentre(t0_ns=1_790_000_000 * S, duration_s=60)
    item = centre.papers["101"].items[0]
    held = HeldTime(centre.t0_ns)
    async with open_exam(tmp_path, centre, held) as exams:
        phone, window = Phone(exams), exams.halls[centre.exam].window
        seat = await phone.sit(centre, "SBD001")
        assert window.opened is not None
        # Of another boot: time since the opening then goes by centre time alone, which stands still here.
        window.opened = msgspec.structs.replace(window.opened, boot="another")
        close_ns = window.opened.centre_ns + 60 * S
        notes = []
        for seq, before_close_ns in enumerate((50_000_000, 1, 0, -50_000_000), 1):
            held.ns = close_ns - before_close_ns
            await phone.say(**answer(seat, seq, item.id, item.options[seq - 1].id))
            notes.append(phone.last("saved")["note"])
        assert notes == ["", "", "late", "late"]
        assert exams.halls[centre.exam].sitting("SBD001").answers[item.id].option == item.options[1].id
        answers = [e.event for e in (await exams.journal.past()).entries if e.event.kind is EventKind.ANSWER]
        assert [close_ns - event.at_ns for event in answers] == [50_000_000, 1]
        count_lost(phone.ticked, await kept(exams.journal))


async def test_a_typed_code_opens_a_site_that_missed_the_push(tmp_path: Path, count_lost: LostAnswers) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() - 10 * S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        phone = Phone(site.exams)
        seat = await phone.sit(centre, "SBD001")
        hall = site.exams.halls[centre.exam]
        await eventually(lambda: hall.window.phase is Phase.SEALED)
        await phone.say(type="release_code", exam=centre.exam, text=centre.mistyped_code().replace("-", " "))
        assert phone.last("trouble")["code"] == "wrong_code"
        assert phone.count("opened") == 0
        await phone.say(type="release_code", exam=centre.exam, text=centre.release_code().lower())
        await eventually(lambda: phone.count("opened") == 1)
        assert hall.opening is not None
        assert hall.window.left_ns(site.exams.read()) > 55 * S
        for seq, item in enumerate(centre.papers["101"].items, 1):
            await phone.say(**answer(seat, seq, item.id, item.options[0].id))
        count_lost(phone.ticked, await kept(site.journal))


async def test_a_page_that_waits_is_told_by_itself_when_the_moment_comes_without_the_code(tmp_path: Path) -> None:
    """And just so when nobody here knows the time, and when somebody does again: a countdown is then shown."""
    centre, held = ExamCentre(t0_ns=1_790_000_000 * S), HeldTime(1_789_999_990 * S)
    async with running(tmp_path, centre, held) as site:
        await site.exams.on_plan(centre.exam_plan())
        phone = Phone(site.exams)
        await phone.sit(centre, "SBD001")
        await eventually(lambda: phone.last("exam")["state"] == "sealed")
        assert not phone.last("exam")["wants_code"]
        for ns in (centre.t0_ns, centre.t0_ns - S):
            held.ns = ns
            await eventually(lambda ns=ns: phone.last("exam")["wants_code"] is (ns == centre.t0_ns))  # type: ignore[misc]


async def test_a_restarted_agent_keeps_sessions_answers_and_the_close(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    item = centre.papers["101"].items[0]
    async with open_exam(tmp_path, centre) as exams:
        phone = Phone(exams)
        seat = await phone.sit(centre, "SBD001")
        await phone.say(**answer(seat, 1, item.id, item.options[2].id))
        before = exams.halls[centre.exam].opening
    async with running(tmp_path, centre) as site:
        hall = site.exams.halls[centre.exam]
        assert hall.window.phase is Phase.OPEN
        assert hall.opening == before
        again = Phone(site.exams)
        await again.say(type="hello")
        proof = resume_proof(seat["key"], seat["session"], again.last("welcome")["nonce"])
        await again.say(type="resume", exam=centre.exam, session=seat["session"], proof=proof, takeover=False)
        assert again.last("signed_in")["session"] == seat["session"]
        assert again.last("signed_in")["answers"] == [{"item": item.id, "option": item.options[2].id, "mark": 1}]
        assert again.count("opened") == 1


async def test_the_desk_keeps_how_many_answers_a_page_says_it_could_not_save(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns())
    async with open_exam(tmp_path, centre) as exams:
        phone, hall = Phone(exams), exams.halls[centre.exam]
        await phone.say(type="ping", waiting=2)
        assert hall.waits == {}
        await phone.sit(centre, "SBD001")
        await phone.say(type="ping", waiting=2)
        await phone.say(type="ping")
        assert hall.waits["SBD001"].count == 2
        await phone.say(type="ping", waiting=0)
        assert hall.waits == {}
        assert phone.count("pong") == 4


async def test_individual_extra_time_ends_later(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns(), duration_s=1, candidates=2, extra_s=600)
    async with open_exam(tmp_path, centre) as exams:
        plain, extra = Phone(exams), Phone(exams)
        await plain.sit(centre, "SBD001")
        await extra.sit(centre, "SBD002")
        await eventually(lambda: plain.count("closed") == 1)
        assert extra.count("closed") == 0
        assert exams.halls[centre.exam].window.phase is Phase.OPEN


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
async def test_a_page_from_elsewhere_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    async with running(tmp_path, ExamCentre(t0_ns=0)) as site, aiohttp.ClientSession() as client:
        async with client.get(site.url + "/exam/", headers=headers) as reply:
            assert reply.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(site.url + "/exam/ws", headers={"Origin": site.url, **headers})


async def test_a_socket_without_an_origin_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, ExamCentre(t0_ns=0)) as site, aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(site.url + "/exam/ws")


async def test_a_frame_that_is_too_large_ends_the_connection(tmp_path: Path) -> None:
    async with (
        running(tmp_path, ExamCentre(t0_ns=0)) as site,
        aiohttp.ClientSession() as client,
        client.ws_connect(site.url + "/exam/ws", headers={"Origin": site.url}) as socket,
    ):
        await socket.send_str("x" * 5000)
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_plan_of_another_signer_is_refused(tmp_path: Path) -> None:
    ours, theirs = ExamCentre(t0_ns=0), ExamCentre(t0_ns=0)
    vault = Vault(tmp_path / "vault.sqlite3", ours.site_secret, ours.exam_key)
    exams = ExamSite(
        name="", vault=vault, journal=Journal(tmp_path / "j.sqlite3"), source=ours, clocks=SiteClocks(SteadyTime())
    )
    await exams.start()
    with pytest.raises(VaultRefused, match="did not sign"):
        await exams.on_plan(theirs.exam_plan())
    assert not exams.halls
    await exams.stop()
