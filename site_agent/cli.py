"""``diemcau-site``: the command line of the agent. Heavy imports wait until a command needs them."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from site_agent import VERSION
from site_agent.config import Config, load
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2
START_AGAIN = 85
"""Exit code after an order to restart, on Windows: whoever started the agent starts it again. Elsewhere it does so."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code: 0 done, 1 failed, 2 wrong usage or configuration."""
    # Answers, session keys and the release secret are in these files: whatever is made is its owner's alone.
    os.umask(0o077)
    options = _parser().parse_args(argv)
    try:
        config = load(options.config, os.environ, _given(options))
    except Misconfigured as error:
        for fault in error.faults:
            print(f"diemcau-site: {fault}", file=sys.stderr)
        return WRONG_USAGE
    commands = {"pair": _pair, "run": _run, "check": _check, "journal": _journal}
    return commands[options.command](options, config)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="diemcau-site", description="Điểm cầu: chương trình tại phòng học.")
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("--config", help="TOML file")
    parser.add_argument("--home", help="folder for keys, papers and answers")
    commands = parser.add_subparsers(dest="command", required=True)
    pair = commands.add_parser("pair", help="ghép máy này với một điểm cầu / pair this computer with a site")
    pair.add_argument("--server", required=True, help="https://…")
    pair.add_argument("--code", required=True, help="XXXX-XXXX-XXXX-X")
    pair.add_argument(
        "--insecure", action="store_true", help="cho phép http:// không có TLS / allow http:// without TLS"
    )
    run = commands.add_parser("run", help="chạy / run")
    run.add_argument("--camera", help="device number, video file, folder of images, RTSP URL")
    run.add_argument("--headless", action="store_true", help="watch without a browser")
    run.add_argument("--screen-port", type=int)
    run.add_argument("--desk-bind")
    run.add_argument("--desk-port", type=int)
    run.add_argument("--desk-url")
    check = commands.add_parser(
        "check", help="kiểm tra máy này và báo trung tâm / look at this computer and tell the centre"
    )
    check.add_argument("--screen-port", type=int, help="như của lệnh run / the same as that of run")
    journal = commands.add_parser("journal", help="nhật ký bài thi / the exam journal").add_subparsers(
        dest="deed", required=True
    )
    export = journal.add_parser("export", help="ghi ra USB, chỉ trung tâm mở được / onto a stick, sealed to the centre")
    export.add_argument("folder", type=Path)
    restore = journal.add_parser("restore", help="dựng lại từ bản sao thứ hai / rebuild from the second copy")
    restore.add_argument("copy", type=Path, nargs="?")
    return parser


def _given(options: argparse.Namespace) -> dict[str, object]:
    named = {
        "agent.home": options.home,
        "camera.source": getattr(options, "camera", None),
        "screen.headless": True if getattr(options, "headless", False) else None,
        "screen.port": getattr(options, "screen_port", None),
        "desk.bind": getattr(options, "desk_bind", None),
        "desk.port": getattr(options, "desk_port", None),
        "desk.url": getattr(options, "desk_url", None),
    }
    return {key: value for key, value in named.items() if value is not None}


def home_of(config: Config) -> Path:
    """The folder that the agent keeps everything in."""
    from site_agent.platform import choose

    return Path(config.agent.home) if config.agent.home else choose(sys.platform).home()


def _pair(options: argparse.Namespace, config: Config) -> int:
    from site_agent.link.pairing import PairingRefused, pair

    try:
        identity = asyncio.run(pair(options.server, options.code, home_of(config), VERSION, insecure=options.insecure))
    except PairingRefused as error:
        print(f"Không ghép được: {error}", file=sys.stderr)
        return FAILED
    print(f"Đã ghép với {identity.site_code} {identity.site_name}")
    return DONE


def _refuse_model(config: Config) -> None:
    """A person model that cannot be used is told at the start, not at the first roll call."""
    from site_agent.app import CannotRun
    from site_agent.camera.person import UnusableModel, load_people

    if config.camera.people is not None:
        try:
            load_people(config.camera.people)
        except UnusableModel as error:
            raise CannotRun(f"camera.person_model: không dùng được / cannot be used: {error}") from error


def _run(_options: argparse.Namespace, config: Config) -> int:
    from site_agent.app import CannotRun, run
    from site_agent.logs import configure
    from site_agent.standing_orders import LOGS

    try:
        _refuse_model(config)
        configure(config.log.level, home_of(config) / LOGS)
        again = run(config, home_of(config))
    except (CannotRun, OSError) as error:
        print(f"diemcau-site: {error}", file=sys.stderr)
        return FAILED
    if again and sys.platform != "win32":
        # The same process id, so that a service manager need not know; everything was closed, in order, before.
        os.execv(sys.executable, [sys.executable, "-m", "site_agent.cli", *sys.argv[1:]])
    return START_AGAIN if again else DONE


def _check(options: argparse.Namespace, config: Config) -> int:
    from site_agent.app import CannotRun
    from site_agent.check import check
    from site_agent.logs import configure

    try:
        _refuse_model(config)
        configure("error")
        return DONE if check(config, home_of(config), print, run_port=_port_of_run(options)) else FAILED
    except CannotRun as error:
        print(f"diemcau-site: {error}", file=sys.stderr)
        return FAILED


def _port_of_run(options: argparse.Namespace) -> int | None:
    """Where `run` has its pages by the configuration alone; None where that says nothing usable."""
    given = {key: value for key, value in _given(options).items() if key != "screen.port"}
    try:
        return load(options.config, os.environ, given).screen.port
    except Misconfigured:
        return None


def _journal(options: argparse.Namespace, config: Config) -> int:
    from site_agent import journal_cli

    if options.deed == "export":
        return journal_cli.export(config, home_of(config), options.folder)
    return journal_cli.restore_from(config, home_of(config), options.copy)


if __name__ == "__main__":
    sys.exit(main())
