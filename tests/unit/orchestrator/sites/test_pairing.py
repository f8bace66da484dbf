"""Pairing codes."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.sites.pairing import CODE_CHARACTERS, LIFETIME_NS, PairingCode, code_hash, new_code, normalise
from wire.ids import SiteId
from wire.seal import CROCKFORD


def test_a_code_holds_at_least_sixty_bits() -> None:
    assert len(CROCKFORD) == len(set(CROCKFORD)) == 32
    assert CODE_CHARACTERS * 5 >= 60


def test_every_character_turns_up_at_every_place() -> None:
    codes = [normalise(new_code()) or "" for _ in range(2000)]
    assert len(set(codes)) == len(codes)
    for place in range(CODE_CHARACTERS):
        assert {code[place] for code in codes} == set(CROCKFORD)


def test_a_code_is_shown_in_groups() -> None:
    code = new_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 1]


def test_what_people_misread_and_mistype_is_forgiven() -> None:
    assert normalise(" oiil-0000 1111-l ") == "0111000011111"
    assert normalise("o1lI-abcd-00 11-z") == "0111ABCD0011Z"


def test_what_no_code_has_is_refused() -> None:
    for text in ("", "ABCD-EFGH-JKMN", "ABCD-EFGH-JKMN-PQ", "UUUU-0000-0000-0", "ABCD-EFGH-JKM!-P", "ÄBCD-EFGH-JKMN-P"):
        assert normalise(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    signs = normalise(text)
    assert signs is None or set(signs) <= set(CROCKFORD)


def test_a_code_counts_once_and_for_a_day() -> None:
    code = PairingCode(b"hash", SiteId("site-a"), LIFETIME_NS)
    assert LIFETIME_NS == 24 * 3600 * 10**9
    assert code.good(0)
    assert code.good(LIFETIME_NS - 1)
    assert not code.good(LIFETIME_NS)
    assert not PairingCode(b"hash", SiteId("site-a"), LIFETIME_NS, used_ns=1).good(2)


def test_the_hash_does_not_show_the_code() -> None:
    signs = normalise(new_code()) or ""
    assert signs.encode() not in code_hash(signs)
    assert len(code_hash(signs)) == 32
