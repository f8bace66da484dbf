"""Configuration: strict, overridable by the environment, all faults at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from orchestrator.config import Config, load
from site_agent.config import Config as SiteConfig
from wire.settings import Misconfigured, read


def test_nothing_given_means_defaults() -> None:
    assert read(Config, {}, {"PATH": "/bin", "DIEMCAU_HOME": "not ours: no section"}) == Config()


def test_the_environment_overrides_the_file() -> None:
    config = read(Config, {"server": {"port": 1}}, {"DIEMCAU_SERVER__PORT": "2", "DIEMCAU_MEDIA__WORKERS": "3"})
    assert (config.server.port, config.media.workers) == (2, 3)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Misconfigured) as wrong:
        read(
            Config,
            {"server": {"prot": 1, "host": 5}, "serve": {}, "media": 3},
            {"DIEMCAU_LIVE__URL": "x", "DIEMCAU_NOPE__X": "1"},
        )
    assert len(wrong.value.faults) == 6


def test_values_that_do_not_fit_together_are_refused(tmp_path: object) -> None:
    with pytest.raises(Misconfigured) as wrong:
        load(None, {"DIEMCAU_SERVER__TLS_KEY": "k", "DIEMCAU_LOG__LEVEL": "loud", "DIEMCAU_PRESENCE__LATE_S": "999"})
    assert len(wrong.value.faults) == 3


def test_a_missing_file_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"nowhere\.toml"):
        load("nowhere.toml", {})


DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.mark.parametrize(("kind", "file"), [(Config, "centre.example.toml"), (SiteConfig, "site.example.toml")])
def test_the_example_files_show_every_key_with_its_default(kind: type[msgspec.Struct], file: str) -> None:
    document = tomllib.loads((DEPLOY / file).read_text(encoding="utf-8"))
    assert read(kind, document, {}) == kind()
    assert {section: set(table) for section, table in document.items()} == {
        section.name: {key.name for key in msgspec.structs.fields(section.type)}
        for section in msgspec.structs.fields(kind)
    }


def test_a_list_in_the_environment_is_separated_by_semicolons() -> None:
    config = read(Config, {}, {"DIEMCAU_MEDIA__ANNOUNCE": "192.0.2.1;2001:db8::1"})
    assert config.media.announce == ("192.0.2.1", "2001:db8::1")


def test_a_janus_server_takes_at_least_the_viewers_that_it_is_to_have() -> None:
    with pytest.raises(Misconfigured, match=r"janus\.sessions_each"):
        load(None, {"DIEMCAU_JANUS__SESSIONS_EACH": "299"})
