"""Lists of granted time reach the sites, and are sent again until a site's computer says that it holds them."""

from pathlib import Path

import sqlalchemy as sa

from orchestrator.storage.schema.exam_fairness import exam_grant_list
from tests.doubles.exam_conductor import SITES, S
from tests.doubles.fairness_province import COMPUTER, opened
from wire.ids import EnrolmentId


async def test_the_list_is_sent_again_to_whoever_links_anew_and_by_a_centre_that_started_anew(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        province.lines.up.discard(SITES[1])
        await province.credits.step()
        assert province.lines.sent == []
        province.lines.up.add(SITES[1])
        await province.credits.step()
        await province.credits.site_linked(SITES[1], COMPUTER, resumed=True)
        await province.credits.step()
        assert len(province.lines.sent) == 1
        await province.credits.site_linked(SITES[1], COMPUTER, resumed=False)
        await province.credits.step()
        province.restart()
        await province.credits.step()
        assert [message for _, message in province.lines.sent] == [province.lines.sent[0][1]] * 3


async def test_a_list_that_the_site_does_not_say_it_holds_is_sent_again_ever_less_often(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        began, sent_at = province.centre.clock.ns, []
        for second in range(300):
            province.centre.clock.ns = began + second * S
            before = len(province.lines.sent)
            await province.credits.step()
            sent_at += [second] * (len(province.lines.sent) - before)
        assert sent_at == [0, 5, 15, 35, 75, 135, 195, 255]
        assert [message for _, message in province.lines.sent] == [province.lines.sent[0][1]] * len(sent_at)
        await province.taken(SITES[1])
        province.centre.clock.ns += 600 * S
        await province.credits.step()
        assert len(province.lines.sent) == len(sent_at)


async def test_what_one_computer_held_is_sent_to_the_one_that_replaced_it_until_that_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        await province.credits.site_linked(SITES[1], COMPUTER, resumed=False)
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        await province.credits.step()
        await province.taken(SITES[1])
        await province.credits.site_linked(SITES[1], EnrolmentId("enr-2"), resumed=False)
        for _ in range(3):
            await province.credits.step()
            province.centre.clock.ns += 60 * S
        assert len(province.lines.sent) == 4


async def test_a_centre_restored_from_a_copy_gives_out_what_a_site_does_not_take_for_old(tmp_path: Path) -> None:
    async with opened(tmp_path) as province:
        for _ in range(3):
            await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        await province.credits.step()
        await province.taken(SITES[1])
        lists = sa.update(exam_grant_list).values(serial=1)
        await province.centre.database.write(lambda conn: conn.execute(lists))
        await province.ask("POST", "credits", {"scope": "site", "site": SITES[1], "minutes": 3}, 201)
        await province.credits.step()
        before, after = (message for _, message in province.lines.sent)
        assert after.serial > before.serial
