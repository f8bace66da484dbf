"""A central desk: candidates with their own phones come through one proxy with a certificate."""

import time
import tomllib
from pathlib import Path

import aiohttp
import msgspec

from site_agent.config import load
from site_agent.exam.desk import ExamDesk
from site_agent.exam.entrance import Entrance
from tests.doubles.centre_time import S
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from tests.doubles.exam_visitor import Visitor
from wire.voucher import message_mark

EXAMPLE = Path("deploy/central-desk.example.toml")
PUBLIC = {"Host": "thi.example.vn", "Origin": "https://thi.example.vn"}
PEOPLE = 40


async def test_candidates_behind_one_proxy_sit_the_exam_and_do_not_hold_each_other_up(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S, duration_s=600, candidates=PEOPLE, questions=2)
    config = load(str(EXAMPLE), {})
    entrance = Entrance(url=config.desk.url, behind=config.desk.trusted_proxies)
    receipts: dict[str, str] = {}
    async with running(tmp_path, centre) as site, aiohttp.ClientSession() as client:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        desk = ExamDesk(site.exams, tmp_path, entrance=entrance, most=config.desk.pages)
        await desk.start("127.0.0.1", 0)
        url = f"http://127.0.0.1:{desk.port}/exam/ws"
        for place, (number, (pin, _)) in enumerate(centre.slips.items()):
            headers = {**PUBLIC, "X-Forwarded-For": f"198.51.100.{place + 1}"}
            async with client.ws_connect(url, headers=headers) as socket:
                page = Visitor(socket)
                # More wrong attempts than one address is allowed, all in all.
                wrong = await page.ask("signed_in", type="sign_in", exam=centre.exam, number=number, pin="no")
                assert wrong["code"] == "wrong_pin"
                seat = await page.ask("signed_in", type="sign_in", exam=centre.exam, number=number, pin=pin)
                assert seat["type"] == "signed_in"
                item = (await page.hear("opened"))["items"][0]
                option = item["options"][0]["id"]
                mac = message_mark(seat["key"], "answer", seat["session"], 1, item["id"], option)
                said = {"session": seat["session"], "item": item["id"], "option": option, "mac": mac}
                assert (await page.ask("saved", type="answer", client_seq=1, **said))["note"] == ""
                mac = message_mark(seat["key"], "hand_in", seat["session"], 2)
                told = await page.ask("receipt", type="hand_in", session=seat["session"], client_seq=2, mac=mac)
                receipts[number] = told["code"]
        hall = site.exams.halls[centre.exam]
        assert receipts == {number: hall.sitting(number).handed_in for number in centre.slips}
        await desk.stop()


async def test_one_address_that_guesses_is_made_to_wait_while_others_go_on(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + 600 * S, candidates=PEOPLE)
    async with running(tmp_path, centre) as site, aiohttp.ClientSession() as client:
        await site.exams.on_plan(centre.exam_plan())
        desk = ExamDesk(site.exams, tmp_path, entrance=Entrance(url="https://thi.example.vn/", behind=("127.0.0.1",)))
        await desk.start("127.0.0.1", 0)
        url = f"http://127.0.0.1:{desk.port}/exam/ws"
        async with client.ws_connect(url, headers={**PUBLIC, "X-Forwarded-For": "203.0.113.5"}) as socket:
            guesser = Visitor(socket)
            codes = [
                (await guesser.ask("signed_in", type="sign_in", exam=centre.exam, number=number, pin="no"))["code"]
                for number in centre.slips
            ]
            assert codes[-1] == "wait"
        async with client.ws_connect(url, headers={**PUBLIC, "X-Forwarded-For": "203.0.113.6"}) as socket:
            number, (pin, _) = next(iter(centre.slips.items()))
            told = await Visitor(socket).ask("signed_in", type="sign_in", exam=centre.exam, number=number, pin=pin)
            assert told["type"] == "signed_in"
        await desk.stop()


def test_the_example_of_a_central_desk_is_a_configuration() -> None:
    assert msgspec.convert(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["desk"], dict)["url"].startswith("https")
    assert load(str(EXAMPLE), {}).camera.source == "none"
