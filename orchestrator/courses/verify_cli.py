"""``diemcau course verify FILE``: whether a published list is the centre's and unchanged."""

from __future__ import annotations

import argparse
import base64
import binascii
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestrator.courses.signing import ListForged, check
from orchestrator.sites.centre_keys import load_keys

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def run(arguments: Sequence[str]) -> int:
    """Check one file; returns the exit code."""
    parser = argparse.ArgumentParser(prog="diemcau course verify")
    parser.add_argument("file", type=Path, help="the .json beside the PDF / tệp .json kèm bản PDF")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--key", help="the centre's public key in Base64 / khóa công khai của trung tâm")
    whose.add_argument("--folder", type=Path, help="the centre's own folder, e.g. ./var")
    options = parser.parse_args(arguments)
    try:
        trusted = _trusted(options.key, options.folder)
        content = options.file.read_bytes()
    except (OSError, binascii.Error) as fault:
        sys.stderr.write(f"diemcau: {fault}\n")
        return WRONG_USAGE
    try:
        told, key = check(content, trusted)
    except ListForged as fault:
        sys.stdout.write(f"KHÔNG HỢP LỆ / NOT VALID: {fault}\n")
        return FAILED
    words = (
        "đúng, chưa bị sửa / genuine, unchanged" if trusted else "chưa bị sửa / unchanged; who signed is not checked"
    )
    sys.stdout.write(
        f"{words}\n{told.title} · {told.code} {told.name} · lần {told.version} · {len(told.rows)} học viên\n"
    )
    sys.stdout.write(f"khóa / key {base64.b64encode(key).decode()}\n")
    return DONE


def _trusted(key: str | None, folder: Path | None) -> bytes | None:
    if key is not None:
        return base64.b64decode(key, validate=True)
    if folder is not None:
        if not (folder / "keys").is_dir():
            raise FileNotFoundError(f"{folder}: no keys of a centre")
        return load_keys(folder).exam_public()
    return None
