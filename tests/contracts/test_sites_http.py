"""The register of sites over the real HTTP kit and SQLite: importing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.province import make_province, participants_csv, sites_csv, workbook
from orchestrator.access.model import Role
from orchestrator.errors import Refused
from orchestrator.sites.events import SitesImported
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.pairing import IMPORT, import_demo
from wire.ids import SiteId

demo_lines = sites_csv(make_province(4)).splitlines()
people_lines = participants_csv(make_province(4, 8)).splitlines()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with running_centre(tmp_path) as running:
        await running.person(Role.ADMINISTRATOR)
        yield running


@pytest.fixture
async def page(centre: Centre) -> AsyncIterator[Page]:
    async with centre.page("administrator") as page:
        yield page


async def count(centre: Centre) -> tuple[int, int, int]:
    """Places, sites and participants in the register."""
    register = centre.sites
    return len(await register.places()), len(await register.sites()), len(await register.participants())


async def test_a_workbook_of_the_province_is_imported_whole(centre: Centre, page: Page) -> None:
    listed = await import_demo(page)
    demo = make_province(8, 40)
    assert [site["code"] for site in listed] == sorted(site.code for site in demo.sites)
    by_code = {site["code"]: site for site in listed}
    for site in demo.sites:
        told = by_code[site.code]
        assert (told["name"], told["expected"], told["contact"], told["phone"]) == (
            site.name,
            site.expected,
            site.contact,
            site.phone,
        )
        assert told["path"] == ["Tỉnh Thanh Giang", site.district, site.commune]
        assert (told["participants"], told["paired"], told["revoked"], told["last_seen_ms"]) == (5, False, False, None)
    places = (await page.call("GET", "/api/v1/places"))[1]
    assert sorted(place["kind"] for place in places) == ["commune"] * 8 + ["district"] * 3 + ["province"]
    roster = await centre.sites.participants(SiteId(by_code["TH0001"]["id"]))
    assert [(person.number, person.name) for person in roster] == [
        (person.number, person.name) for person in demo.participants if person.code == "TH0001"
    ]


async def test_two_csv_files_do_the_same_as_one_workbook(centre: Centre, page: Page) -> None:
    demo = make_province(8, 40)
    for text in (sites_csv(demo), participants_csv(demo)):
        status, _ = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=text.encode("utf-16"))
        assert status == 200
    assert await count(centre) == (12, 8, 40)


async def test_one_bad_row_and_nothing_is_written(centre: Centre, page: Page) -> None:
    text = sites_csv(make_province(8)).replace("0900000005", "12").replace(",THPT,", ",Đại học,")
    status, reply = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=text.encode())
    assert (status, reply["code"]) == (422, "import_refused")
    assert [(row["row"], row["column"]) for row in reply["rows"]] == [(6, "Điện thoại"), (8, "Cấp học")]
    assert all(row["message"] for row in reply["rows"])
    assert await count(centre) == (0, 0, 0)


async def test_importing_again_updates_by_code_and_keeps_identities_and_secrets(centre: Centre, page: Page) -> None:
    before = {site["code"]: site for site in await import_demo(page)}
    first = SiteId(before["TH0001"]["id"])
    secret = await centre.sites.site_secret(first)
    text = sites_csv(make_province(8, 40)).replace("Trường Tiểu học Kim Đồng,", "Trường Tiểu học Hoa Lư,")
    only = "\n".join(text.splitlines()[:2])
    status, reply = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=only.encode())
    assert status == 200
    assert reply == {"places": 3, "sites": 1, "participants": 0, "created": 0, "removed": 0}
    after = {site["code"]: site for site in (await page.call("GET", "/api/v1/sites"))[1]}
    assert after["TH0001"]["name"] == "Trường Tiểu học Hoa Lư"
    assert {code: site["id"] for code, site in after.items()} == {code: site["id"] for code, site in before.items()}
    assert await centre.sites.site_secret(first) == secret
    assert await count(centre) == (12, 8, 40)


async def test_a_roster_replaces_the_one_of_the_sites_it_names_only(centre: Centre, page: Page) -> None:
    await import_demo(page)
    text = "Số báo danh,Họ và tên,Mã điểm cầu\n10001,Nguyễn Văn Mới,TH0001\n10006,Người Chuyển Đến,TH0001\n"
    status, reply = await page.call("POST", "/api/v1/sites/import?filename=x.csv", content=text.encode())
    assert (status, reply["participants"], reply["removed"]) == (200, 2, 4)
    rosters: dict[str, list[str]] = {}
    codes = {standing.site.id: standing.site.code for standing in await centre.sites.sites()}
    for person in await centre.sites.participants():
        rosters.setdefault(codes[person.site], []).append(person.number)
    assert rosters["TH0001"] == ["10001", "10006"]
    assert rosters["TH0002"] == ["10007", "10008", "10009", "10010"]
    assert sum(map(len, rosters.values())) == 36


async def test_each_site_has_its_own_secret_which_the_database_does_not_hold_in_clear(
    centre: Centre, page: Page, tmp_path: Path
) -> None:
    await import_demo(page)
    secrets = await centre.sites.site_secrets()
    assert len(set(secrets.values())) == 8
    assert {len(secret) for secret in secrets.values()} == {32}
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("diemcau.sqlite3*"))
    assert not [secret for secret in secrets.values() if secret in stored]


async def test_who_imported_and_what_stands_in_the_trail(centre: Centre, page: Page) -> None:
    await import_demo(page)
    deed = (await page.call("GET", "/api/v1/audit?limit=1"))[1][0]
    assert (deed["who"], deed["action"]) == ("administrator", "sites.imported")
    assert deed["detail"] == '{"sites":8,"created":8,"participants":40,"removed":0}'


async def test_a_person_without_the_right_neither_imports_nor_pairs(centre: Centre, page: Page) -> None:
    site = (await import_demo(page))[0]["id"]
    await centre.person(Role.VIEWER)
    async with centre.page("viewer") as viewer:
        assert (await viewer.call("POST", IMPORT, content=b"x"))[0] == 403
        assert (await viewer.call("POST", f"/api/v1/sites/{site}/pairing-code"))[0] == 403
        assert (await viewer.call("POST", f"/api/v1/sites/{site}/revoke"))[0] == 403
        assert (await viewer.call("GET", "/api/v1/sites"))[0] == 200


async def test_a_file_too_large_is_refused_by_name(page: Page) -> None:
    status, reply = await page.call("POST", IMPORT, content=b"a" * (9 << 20))
    assert (status, reply["code"]) == (413, "too_large")


async def test_a_sites_provider_is_named_and_stays_when_a_file_says_nothing_of_it(page: Page) -> None:
    content = sites_csv(make_province(3, 3)).encode("utf-8-sig")
    assert (await page.call("POST", "/api/v1/sites/import?filename=a.csv", content=content))[0] == 200
    site = (await page.call("GET", "/api/v1/sites"))[1][0]["id"]
    path = f"/api/v1/sites/{site}/provider"
    assert (await page.call("PUT", path, {"provider": " Viettel "}))[0] == 200
    assert (await page.call("POST", "/api/v1/sites/import?filename=a.csv", content=content))[0] == 200
    assert (await page.call("GET", "/api/v1/sites"))[1][0]["provider"] == "Viettel"
    assert (await page.call("PUT", path, {"provider": "=x"}))[1]["code"] == "bad_name"
    unknown = await page.call("PUT", "/api/v1/sites/site-no/provider", {"provider": "VNPT"})
    assert unknown[1]["code"] == "no_such_site"


async def test_templates_are_served(page: Page) -> None:
    for path, kind in (("template.csv", "text/csv"), ("participants.csv", "text/csv"), ("template.xlsx", "openxml")):
        async with page.http.get(f"{page.base}/api/v1/sites/{path}") as reply:
            assert reply.status == 200
            assert kind in reply.headers["Content-Type"]
            assert "attachment" in reply.headers["Content-Disposition"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=60), at=st.integers(0, 4), end=st.booleans())
async def test_garbage_amid_a_good_file_never_half_imports(
    centre: Centre, garbage: bytes, at: int, *, end: bool
) -> None:
    lines = [line.encode() for line in demo_lines]
    lines[at] = lines[at] + garbage if end else garbage + lines[at]
    before = await count(centre)
    applied = faults = None
    try:
        applied = await centre.sites.import_file("test", b"\n".join(lines), "x.csv")
    except Refused as refused:
        faults = refused.fields["rows"]
    if applied is None:
        assert faults
        assert await count(centre) == before
    else:
        assert applied.sites >= 4


async def test_an_import_is_told_on_the_bus(centre: Centre) -> None:
    async with centre.bus.subscribe(SitesImported) as events:
        await centre.sites.import_file("test", workbook(make_province(2, 4)), "x.xlsx")
        assert await anext(events) == SitesImported(2, 4)
