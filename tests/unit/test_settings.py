"""Settings: read from a mapping, every problem at once, no secret in any text."""

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import NAMES, HostPattern, Settings

SECRET = "client-secret-" + "s" * 32
PANEL_SECRET = "panel-secret-" + "p" * 32
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
PASSWORD = "hunter2hunter2"

GOOD: Mapping[str, str] = {
    "APP_BASE_URL": "https://app.example.com",
    "PIPEDRIVE_CLIENT_ID": "client",
    "PIPEDRIVE_CLIENT_SECRET": SECRET,
    "REDIS_URL": f"rediss://user:{PASSWORD}@redis.example.com:6379/0",
    "ENCRYPTION_KEYS": f"k1:{KEY}",
    "SPOOL_DIR": "spool",
}
LOCAL: Mapping[str, str] = {**GOOD, "ENVIRONMENT": "development", "APP_BASE_URL": "http://127.0.0.1:8000"}


def problems(mapping: Mapping[str, str]) -> tuple[str, ...]:
    try:
        Settings.from_mapping(mapping)
    except ConfigurationError as error:
        return error.problems
    return ()


def names_of(mapping: Mapping[str, str]) -> set[str]:
    return {problem.partition(":")[0] for problem in problems(mapping)}


def test_the_required_settings_are_enough() -> None:
    settings = Settings.from_mapping(GOOD)
    assert settings.environment == "production"
    assert settings.pipedrive_oauth_url == "https://oauth.pipedrive.com"
    assert settings.pipedrive_api_hosts == (HostPattern("pipedrive.com", any_label=True),)
    assert settings.pipedrive_frame_ancestors == ("https://*.pipedrive.com",)
    assert settings.redis_durability == 0
    assert settings.app_data_grace_days == 30
    assert settings.idle_installations == "renew"
    assert settings.metrics_port == 0


@pytest.mark.parametrize("missing", GOOD)
def test_each_required_setting_is_missed_by_name(missing: str) -> None:
    for value in ("", "  "):
        assert names_of({**GOOD, missing: value}) == {missing}
    assert names_of({name: value for name, value in GOOD.items() if name != missing}) == {missing}


def test_nothing_else_is_required() -> None:
    assert names_of({}) == set(GOOD)


def test_every_problem_is_told_at_once() -> None:
    bad = {
        "ENVIRONMENT": "staging",
        "APP_BASE_URL": "http://app.example.com/path",
        "PIPEDRIVE_CLIENT_SECRET": "short",
        "PIPEDRIVE_OAUTH_URL": "ftp://oauth.pipedrive.com",
        "PIPEDRIVE_API_HOSTS": "https://acme.pipedrive.com",
        "PIPEDRIVE_FRAME_ANCESTORS": "*",
        "SURFACE_JWT_SECRETS": "deal-panel",
        "REDIS_URL": "http://redis",
        "ENCRYPTION_KEYS": "k1:short",
        "REDIS_DURABILITY": "maybe",
        "METRICS_PORT": "99999",
        "APP_DATA_GRACE_DAYS": "soon",
        "IDLE_INSTALLATIONS": "forget",
        "CLOCK_OFFSET_FILE": "offset",
        "FAULT_POINTS": "point",
    }
    assert names_of(bad) == {*bad, "PIPEDRIVE_CLIENT_ID", "SPOOL_DIR"}


def test_each_problem_is_a_sentence_of_one_line() -> None:
    for problem in problems({}) + problems(dict.fromkeys(NAMES, "\x01 odd")):
        assert "\n" not in problem
        assert len(problem.split()) > 3


@pytest.mark.parametrize("name", ["APP_BASE_URL", "PIPEDRIVE_OAUTH_URL"])
@pytest.mark.parametrize(
    "value",
    [
        "http://app.example.com",
        "https://localhost",
        "https://127.0.0.1",
        "https://app.localhost:8000",
        "https://[::1]:8000",
    ],
)
def test_http_and_loopback_are_for_development(name: str, value: str) -> None:
    assert names_of({**GOOD, name: value}) == {name}


@pytest.mark.parametrize("name", ["APP_BASE_URL", "PIPEDRIVE_OAUTH_URL"])
@pytest.mark.parametrize(
    "value",
    [
        "app.example.com",
        "https://",
        "https://app.example.com/path",
        "https://app.example.com?x=1",
        "https://app.example.com?",
        "https://app.example.com#x",
        "https://user@app.example.com",
        "https://user:password@app.example.com",
        "https://app.example.com:port",
        "https://app.example.com:99999",
        "https://app.example.com:443",
        "https://app.example.com:",
        "https://App.Example.com",
        "https://app example.com",
        "https://app.example.com\\evil",
        "https://[",
        "https://[::1",
        "javascript:alert(1)",
        "//app.example.com",
        "https://app.exämple.com",
    ],
)
def test_only_an_origin_as_browsers_spell_it_is_one(name: str, value: str) -> None:
    """The browser's Origin header is compared with it, letter by letter."""
    for surroundings in (GOOD, LOCAL):
        assert names_of({**surroundings, name: value}) == {name}


@pytest.mark.parametrize(
    "value", ["http://127.0.0.1:8000", "http://localhost:8000", "http://acme.localhost:8100"]
)
def test_development_takes_a_local_origin(value: str) -> None:
    assert Settings.from_mapping({**LOCAL, "APP_BASE_URL": f"{value}/"}).app_base_url == value


def test_the_client_secret_may_be_several_newest_first() -> None:
    settings = Settings.from_mapping({**GOOD, "PIPEDRIVE_CLIENT_SECRET": f" {SECRET}x , {SECRET} ,"})
    assert [secret.value for secret in settings.pipedrive_client_secret] == [f"{SECRET}x", SECRET]


@pytest.mark.parametrize(("length", "is_weak"), [(1, True), (31, True), (32, False), (200, False)])
def test_a_secret_is_weak_by_its_length_alone(length: int, is_weak: bool) -> None:
    for name, value in (
        ("PIPEDRIVE_CLIENT_SECRET", "a" * length),
        ("PIPEDRIVE_CLIENT_SECRET", f"{SECRET},{'a' * length}"),
        ("SURFACE_JWT_SECRETS", f"deal-panel={'a' * length}"),
        ("SURFACE_JWT_SECRETS", f"deal-panel={PANEL_SECRET},settings={'a' * length}"),
    ):
        assert bool(problems({**GOOD, name: value})) is is_weak


def test_length_is_counted_in_bytes() -> None:
    assert not problems({**GOOD, "PIPEDRIVE_CLIENT_SECRET": "ữ" * 11})


def test_one_surface_may_have_several_secrets() -> None:
    value = f"deal-panel={PANEL_SECRET}1,settings={PANEL_SECRET}=,deal-panel={PANEL_SECRET}2"
    settings = Settings.from_mapping({**GOOD, "SURFACE_JWT_SECRETS": value})
    assert [s.value for s in settings.secrets_of("deal-panel")] == [f"{PANEL_SECRET}1", f"{PANEL_SECRET}2"]
    assert [s.value for s in settings.secrets_of("settings")] == [f"{PANEL_SECRET}="]


def test_a_surface_without_a_secret_has_the_clients() -> None:
    settings = Settings.from_mapping({**GOOD, "SURFACE_JWT_SECRETS": f"settings={PANEL_SECRET}"})
    assert [s.value for s in settings.secrets_of("deal-panel")] == [SECRET]


@pytest.mark.parametrize(
    "value", [PANEL_SECRET, f"={PANEL_SECRET}", "deal-panel=", f"deal-panel={PANEL_SECRET},x"]
)
def test_surface_secrets_that_do_not_read_are_told(value: str) -> None:
    assert names_of({**GOOD, "SURFACE_JWT_SECRETS": value}) == {"SURFACE_JWT_SECRETS"}


def test_encryption_keys_are_read_newest_first() -> None:
    settings = Settings.from_mapping({**GOOD, "ENCRYPTION_KEYS": f"k2:{OTHER_KEY}, k1:{KEY}"})
    assert [key.key_id for key in settings.encryption_keys] == ["k2", "k1"]
    assert settings.encryption_keys[1].octets == bytes(range(32))


@pytest.mark.parametrize(
    "value",
    [
        KEY,
        f":{KEY}",
        f"K1:{KEY}",
        f"k_1:{KEY}",
        f"{'k' * 33}:{KEY}",
        f"k1:{KEY[:-1]}",
        f"k1:{KEY[:-4]}",
        f"k1:{KEY}{KEY}",
        f"k1: {KEY}",
        f"k1:{'-_' * 22}",
        "k1:",
        f"k1:{KEY},k1:{OTHER_KEY}",
        f"k1:{KEY},k2",
        base64.b64encode(bytes(16)).decode(),
        f"k1:{KEY[:10]}\u0661{KEY[11:]}",
    ],
)
def test_encryption_keys_that_do_not_fit_are_told(value: str) -> None:
    assert names_of({**GOOD, "ENCRYPTION_KEYS": value}) == {"ENCRYPTION_KEYS"}


@pytest.mark.parametrize("value", ["redis://r", "rediss://r:1/0", "unix:///run/redis.sock"])
def test_redis_addresses(value: str) -> None:
    assert Settings.from_mapping({**GOOD, "REDIS_URL": value}).redis_url.value == value


@pytest.mark.parametrize("value", ["r:6379", "http://r", "redis", "://", "redis:r", "valkey://r"])
def test_addresses_of_something_else_are_told(value: str) -> None:
    assert names_of({**GOOD, "REDIS_URL": value}) == {"REDIS_URL"}


@pytest.mark.parametrize(("value", "port"), [("0", 0), ("9100", 9100), ("65535", 65535)])
def test_the_metrics_port(value: str, port: int) -> None:
    assert Settings.from_mapping({**GOOD, "METRICS_PORT": value}).metrics_port == port


@pytest.mark.parametrize("value", ["-1", "65536", "x", "1.5", "\u0661", "9" * 5000])
def test_what_is_no_port_is_told(value: str) -> None:
    assert names_of({**GOOD, "METRICS_PORT": value}) == {"METRICS_PORT"}


@pytest.mark.parametrize("name", ["CLOCK_OFFSET_FILE", "FAULT_POINTS"])
def test_time_travel_and_fault_points_are_refused_in_production(name: str) -> None:
    assert names_of({**GOOD, name: "x"}) == {name}
    assert not problems({**LOCAL, name: "x"})


@pytest.mark.parametrize(
    "name", ["PIPEDRIVE_CLIENT_SECRET", "REDIS_URL", "ENCRYPTION_KEYS", "SURFACE_JWT_SECRETS"]
)
def test_each_secret_may_lie_in_a_file(name: str, tmp_path: Path) -> None:
    value = {**GOOD, "SURFACE_JWT_SECRETS": f"deal-panel={PANEL_SECRET}"}[name]
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    filed = {key: text for key, text in GOOD.items() if key != name} | {f"{name}_FILE": str(file)}
    assert Settings.from_mapping(filed) == Settings.from_mapping({**GOOD, name: value})


def test_a_file_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00secret")
    for path in (str(tmp_path / "absent"), str(tmp_path), str(binary)):
        mapping = {**GOOD, "PIPEDRIVE_CLIENT_SECRET": "", "PIPEDRIVE_CLIENT_SECRET_FILE": path}
        assert names_of(mapping) == {"PIPEDRIVE_CLIENT_SECRET_FILE"}
        assert len(problems(mapping)) == 1


def test_an_empty_file_is_a_missing_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch()
    mapping = {**GOOD, "REDIS_URL": "", "REDIS_URL_FILE": str(file)}
    assert names_of(mapping) == {"REDIS_URL"}


def test_a_setting_and_its_file_are_too_much(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    assert names_of({**GOOD, "PIPEDRIVE_CLIENT_SECRET_FILE": str(file)}) == {"PIPEDRIVE_CLIENT_SECRET"}


def test_no_secret_shows_in_any_text() -> None:
    settings = Settings.from_mapping({**GOOD, "SURFACE_JWT_SECRETS": f"deal-panel={PANEL_SECRET}"})
    secrets = (SECRET, PANEL_SECRET, PASSWORD, KEY, repr(bytes(range(32))))
    parts = (settings, settings.redis_url, *settings.pipedrive_client_secret, *settings.encryption_keys)
    for part in parts:
        for text in (repr(part), str(part), f"{part}"):
            assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize(
    "name", ["PIPEDRIVE_CLIENT_SECRET", "REDIS_URL", "ENCRYPTION_KEYS", "SURFACE_JWT_SECRETS"]
)
def test_no_problem_repeats_a_secret(name: str) -> None:
    canary = "canary-0123456789"
    for value in (
        canary,
        f"x:{canary}",
        f"x={canary}",
        f"k1:{canary},k1:{KEY}",
        f"http://u:{canary}@r",
        f"redis://[{canary}",
    ):
        told = problems({**GOOD, name: value, "APP_BASE_URL": ""})
        assert len(told) >= 1
        assert canary not in " ".join(told)
