"""``diemcau``: the command line of the centre. Heavy imports wait until a command needs them."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from orchestrator import VERSION
from orchestrator.config import load
from wire.settings import Misconfigured

DONE, FAILED, WRONG_USAGE = 0, 1, 2

USAGE = """\
usage: diemcau COMMAND ...

  serve [--config FILE]          trung tâm / the centre
  demo [--check] ...             một ngày tập huấn thu nhỏ / a training day in miniature
  drill [--sites N] ...          diễn tập dưới tải / a rehearsal under load
  relay --open ...               riêng bộ chuyển tiếp hình và tiếng / the media relay alone
  sites import FILE              nhập địa bàn, điểm cầu, học viên / places, sites, participants
  bank import FILE [--json]      nhập câu hỏi / questions
  exam import-journal FILE       nhập nhật ký mang từ điểm cầu về / take a carried journal in
  exam order EXAM NUMBER         thứ tự đề một thí sinh đã thấy / the order in which one candidate saw the paper
  exam stats FILE [--key FILE]   thống kê câu hỏi, đề thi / statistics of items and paper
  course verify FILE             kiểm tra danh sách kết quả đã ký / check a signed list of results
  attendance verify [--session ID] [--json]
                                 kiểm tra chữ ký, chuỗi bằng chứng điểm danh / check the evidence of roll calls
  headcount IMAGE... --json      đếm người trong ảnh / people counted in pictures
  headcount --burst FOLDER       đếm một loạt ảnh của một phòng / one count of pictures taken within seconds

`diemcau COMMAND --help` tells more. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    # Databases, logs and keys hold people's names and secrets: whatever is made is its owner's alone.
    os.umask(0o077)
    arguments = list(sys.argv[1:] if argv is None else argv)
    for words in (2, 1):
        command = COMMANDS.get(" ".join(arguments[:words])) if len(arguments) >= words else None
        if command is not None:
            return command(arguments[words:])
    if arguments in (["-h"], ["--help"], ["--version"]):
        print(VERSION if arguments == ["--version"] else USAGE)
        return DONE
    print(USAGE, file=sys.stderr)
    return WRONG_USAGE


def _serve(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="diemcau serve")
    parser.add_argument("--config", help="TOML file; without it everything is embedded and kept under ./var")
    options = parser.parse_args(arguments)
    try:
        config = load(options.config, os.environ)
    except Misconfigured as error:
        for fault in error.faults:
            print(f"diemcau: {fault}", file=sys.stderr)
        return WRONG_USAGE
    from orchestrator.app.serve import serve_until_signal
    from orchestrator.logs import configure

    configure(config.log.level)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve_until_signal(config))
    except OSError as error:
        print(f"diemcau: {error}", file=sys.stderr)
        return FAILED
    return DONE


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The quicker event loop where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _demo(arguments: list[str]) -> int:
    from demo.main import run

    return run(arguments)


def _drill(arguments: list[str]) -> int:
    from demo.drill.main import run

    return run(arguments)


def _relay(arguments: list[str]) -> int:
    from orchestrator.media.relay.main import run

    return run(arguments)


def _sites_import(arguments: list[str]) -> int:
    from orchestrator.exams.release.freezing import RegisterFreeze
    from orchestrator.sites.import_cli import run

    return run(arguments, RegisterFreeze)


def _bank_import(arguments: list[str]) -> int:
    from orchestrator.exams.bank_cli import run

    return run(arguments)


def _exam_order(arguments: list[str]) -> int:
    from orchestrator.exams.order_cli import run

    return run(arguments)


def _exam_stats(arguments: list[str]) -> int:
    from orchestrator.exams.stats_cli import run

    return run(arguments)


def _course_verify(arguments: list[str]) -> int:
    from orchestrator.courses.verify_cli import run

    return run(arguments)


def _attendance_verify(arguments: list[str]) -> int:
    from orchestrator.attendance.verify_cli import run

    return run(arguments)


def _exam_import_journal(arguments: list[str]) -> int:
    from orchestrator.app.journal_cli import run

    return run(arguments)


def _headcount(arguments: list[str]) -> int:
    # The counter belongs to the site; the centre never imports it, it runs it.
    return subprocess.run([sys.executable, "-m", "site_agent.camera.count", *arguments], check=False).returncode


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "serve": _serve,
    "demo": _demo,
    "drill": _drill,
    "relay": _relay,
    "sites import": _sites_import,
    "bank import": _bank_import,
    "exam import-journal": _exam_import_journal,
    "exam order": _exam_order,
    "exam stats": _exam_stats,
    "course verify": _course_verify,
    "attendance verify": _attendance_verify,
    "headcount": _headcount,
}

if __name__ == "__main__":
    sys.exit(main())
