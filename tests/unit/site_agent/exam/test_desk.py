import gzip
import time
from pathlib import Path

import aiohttp
import pytest

from demo.candidates import Sat, Slip, TurnedAway, sit_all
from tests.doubles.centre_time import S
from tests.doubles.exam_centre import ExamCentre
from tests.doubles.exam_desk import running
from wire.chain import EventKind


def first_option(_: str, __: object) -> int:
    return 0


async def test_everyone_signs_in_answers_and_holds_a_receipt(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S // 2)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        await site.exams.on_release(centre.release())
        slips = [
            Slip(site.url, centre.exam, number, pin) if place % 2 else Slip(site.url, centre.exam, number, voucher=text)
            for place, (number, (pin, text)) in enumerate(centre.slips.items())
        ]
        sat: list[Sat] = await sit_all(slips, first_option, pace_s=0.01, received_within_s=0)
        assert [s.acked for s in sat] == [6, 6, 6, 6]
        assert [s.assurance for s in sat] == ["voucher", "pin", "voucher", "pin"]
        hall = site.exams.halls[centre.exam]
        assert [s.receipt for s in sat] == [hall.sitting(s.slip.number).handed_in for s in sat]
        past = await site.journal.past()
        answers = {
            (e.event.candidate, e.event.item, e.event.option) for e in past.entries if e.event.kind is EventKind.ANSWER
        }
        assert answers == {(s.slip.number, c.item, c.option) for s in sat for c in s.choices}
        assert past.openings[0].lo_ns >= centre.t0_ns - 5_000_000


async def test_a_wrong_pin_is_refused(tmp_path: Path) -> None:
    centre = ExamCentre(t0_ns=time.time_ns() + S)
    async with running(tmp_path, centre) as site:
        await site.exams.on_plan(centre.exam_plan())
        with pytest.RaisesGroup(TurnedAway, flatten_subgroups=True):
            await sit_all([Slip(site.url, centre.exam, "SBD001", "000000x")], first_option)


async def test_assets_are_kept_for_ever_and_packed_for_whoever_unpacks_them(tmp_path: Path) -> None:
    script = b"export const answer = 42;\n" * 100
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "exam-1.js").write_bytes(script)
    (tmp_path / "assets" / "exam-1.js.gz").write_bytes(gzip.compress(script))
    centre = ExamCentre(t0_ns=time.time_ns() + S)
    async with running(tmp_path, centre) as site, aiohttp.ClientSession(auto_decompress=False) as http:
        for accepted, encoding, body in (("gzip, deflate", "gzip", gzip.compress(script)), ("identity", None, script)):
            for path in ("/assets/exam-1.js", "/exam/assets/exam-1.js"):
                async with http.get(site.url + path, headers={"Accept-Encoding": accepted}) as reply:
                    assert reply.headers.get("Content-Encoding") == encoding
                    assert len(await reply.read()) == len(body)
                    assert reply.headers["Vary"] == "Accept-Encoding"
                    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
                    assert reply.headers["X-Content-Type-Options"] == "nosniff"
                    assert reply.content_type in {"text/javascript", "application/javascript"}
        for path in ("/assets/..%2fjournal.sqlite3", "/assets/none.js"):
            async with http.get(site.url + path) as reply:
                assert reply.status == 404
