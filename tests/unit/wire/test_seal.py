import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wire.seal import (
    CROCKFORD,
    RELEASE_BYTES,
    CodeTextRefused,
    SealBroken,
    check_release_text,
    check_voucher_text,
    new_paper_key,
    new_release_secret,
    open_paper,
    open_sealed,
    release_text,
    seal_paper,
    seal_to,
    unwrap_key,
    voucher_text,
    wrap_key,
)

SECRETS = st.integers(0, 2**130 - 1).map(lambda number: number.to_bytes(RELEASE_BYTES, "big"))


def test_a_paper_opens_only_with_its_key() -> None:
    key = new_paper_key()
    sealed = seal_paper(key, b"de thi")
    assert open_paper(key, sealed) == b"de thi"
    with pytest.raises(SealBroken):
        open_paper(new_paper_key(), sealed)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_one_changed_byte_breaks_the_seal(place: int) -> None:
    key = new_paper_key()
    sealed = bytearray(seal_paper(key, b"de thi"))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        open_paper(key, bytes(sealed))


def test_a_cut_blob_is_refused() -> None:
    with pytest.raises(SealBroken):
        open_paper(new_paper_key(), b"short")


def test_a_wrap_takes_sixty_bytes_and_opens_with_both_secrets() -> None:
    release, site, key = new_release_secret(), bytes(32), new_paper_key()
    wrap = wrap_key(release, site, "exam-1", "101", key)
    assert len(wrap) == 60
    assert unwrap_key(release, site, "exam-1", "101", wrap) == key


def test_a_wrap_stays_shut_when_anything_is_another() -> None:
    release, site, key = new_release_secret(), bytes(32), new_paper_key()
    wrap = wrap_key(release, site, "exam-1", "101", key)
    for attempt in (
        (new_release_secret(), site, "exam-1", "101"),
        (release, b"\1" * 32, "exam-1", "101"),
        (release, site, "exam-2", "101"),
        (release, site, "exam-1", "102"),
        (bytes(RELEASE_BYTES), site, "exam-1", "101"),
    ):
        with pytest.raises(SealBroken):
            unwrap_key(*attempt, wrap)


@given(SECRETS)
def test_a_release_code_reads_back(secret: bytes) -> None:
    text = release_text(secret)
    assert [len(group) for group in text.split("-")] == [4] * 7
    assert check_release_text(text) == secret


def test_a_release_code_is_read_as_people_type_it() -> None:
    secret = (2**129 + 1).to_bytes(RELEASE_BYTES, "big")
    typed = release_text(secret).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert check_release_text(f"  {typed}\n") == secret


@given(SECRETS, st.integers(0, 27), st.integers(1, 31))
def test_every_single_wrong_character_is_refused(secret: bytes, place: int, shift: int) -> None:
    signs = list(release_text(secret).replace("-", ""))
    signs[place] = CROCKFORD[(CROCKFORD.index(signs[place]) + shift) % 32]
    with pytest.raises(CodeTextRefused):
        check_release_text("".join(signs))


@given(SECRETS, st.integers(0, 26))
def test_every_swap_of_two_neighbours_is_refused(secret: bytes, place: int) -> None:
    signs = list(release_text(secret).replace("-", ""))
    if signs[place] == signs[place + 1]:
        return
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    with pytest.raises(CodeTextRefused):
        check_release_text("".join(signs))


@pytest.mark.parametrize("text", ["", "ABCD", "U" * 28, "!" * 28, "0" * 27 + "1", "0" * 29])
def test_a_text_that_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(CodeTextRefused):
        check_release_text(text)


@given(st.binary(min_size=16, max_size=16))
def test_a_voucher_reads_back(voucher: bytes) -> None:
    assert check_voucher_text(voucher_text(voucher)) == voucher


def test_a_release_code_too_large_for_a_voucher_is_refused_as_one() -> None:
    with pytest.raises(CodeTextRefused):
        check_voucher_text(release_text((2**130 - 1).to_bytes(RELEASE_BYTES, "big")))


def test_a_box_opens_only_for_its_computer() -> None:
    mine, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    blob = seal_to(mine.public_key().public_bytes_raw(), b"site secret")
    assert open_sealed(mine.private_bytes_raw(), blob) == b"site secret"
    for attempt in (blob[:-1], blob[:20], b""):
        with pytest.raises(SealBroken):
            open_sealed(mine.private_bytes_raw(), attempt)
    with pytest.raises(SealBroken):
        open_sealed(other.private_bytes_raw(), blob)
