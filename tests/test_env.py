"""What the environment says is read strictly: a slip stops the program with the setting's name."""

import json
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from fupin import env


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment that says nothing but where the data lie."""
    for name in ("DATABASE_URL", "DATABASE_URL_WEB", "REDIS_URL", "DEMO", "FUPIN_KEYS", "FUPIN_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FUPIN_HOME", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize(
    ("said", "meant"), [("1", True), ("0", False), ("true", True), ("no", False), ("", True)]
)
def test_a_flag_is_yes_or_no(bare: pytest.MonkeyPatch, said: str, meant: bool) -> None:
    bare.setenv("DEMO", said)
    assert env.flag("DEMO", default=True) is meant


@pytest.mark.parametrize("said", ["2", "ja", "是"])
def test_a_flag_that_is_neither_is_refused_by_name(bare: pytest.MonkeyPatch, said: str) -> None:
    bare.setenv("DEMO", said)
    with pytest.raises(ImproperlyConfigured, match="DEMO"):
        env.flag("DEMO", default=True)


def test_a_number_that_is_none_is_refused_by_name(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("PORT", "eight thousand")
    with pytest.raises(ImproperlyConfigured, match="PORT"):
        env.number("PORT", default=8000)


def test_the_console_knows_the_mode_of_the_last_start(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert env.demo() is False
    (tmp_path / "demo").touch()
    assert env.demo() is True
    bare.setenv("DEMO", "0")
    assert env.demo() is False


def test_only_a_demonstration_answers_to_any_name(bare: pytest.MonkeyPatch) -> None:
    bare.delenv("FUPIN_HOSTS", raising=False)
    assert env.hosts(demonstrating=True) == ["*"]
    own = env.hosts(demonstrating=False)
    assert {"localhost", "127.0.0.1", "[::1]"} <= set(own)
    assert "*" not in own
    assert not env.own_address() or env.own_address() in own
    bare.setenv("FUPIN_HOSTS", "fupin.example, 10.1.2.3")
    for demonstrating in (True, False):
        assert env.hosts(demonstrating=demonstrating) == ["fupin.example", "10.1.2.3"]


def test_without_urls_the_embedded_servers_are_meant(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    database = env.database("web")
    assert (database["HOST"], database["USER"], database["NAME"]) == (
        str(tmp_path / "postgres"),
        "fupin_web",
        "fupin",
    )
    assert env.redis_url(2) == f"unix://{tmp_path}/valkey/valkey.sock?db=2"
    assert env.celery_url(1) == f"redis+socket://{tmp_path}/valkey/valkey.sock?virtual_host=1"


def test_urls_that_are_given_are_used(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("DATABASE_URL", "postgresql://fupin_owner:a%2Fb@db:5433/register")
    bare.setenv("REDIS_URL", "redis://:secret@queue:6379/0")
    owner = env.database("owner")
    assert (owner["HOST"], owner["PORT"], owner["NAME"], owner["PASSWORD"]) == ("db", 5433, "register", "a/b")
    assert env.database("worker")["HOST"] == "db"
    assert env.redis_url(2) == "redis://:secret@queue:6379/2"
    assert env.celery_url(0) == "redis://:secret@queue:6379/0"


@pytest.mark.parametrize(
    ("name", "url"),
    [("DATABASE_URL", "mysql://a@b/c"), ("REDIS_URL", "amqp://queue"), ("DATABASE_URL", "nonsense")],
)
def test_a_url_of_something_else_is_refused_by_name(bare: pytest.MonkeyPatch, name: str, url: str) -> None:
    bare.setenv(name, url)
    with pytest.raises(ImproperlyConfigured, match=name):
        env.database("owner") if name == "DATABASE_URL" else env.redis_url(0)


def test_keys_are_drawn_once_and_for_their_owner_only(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = env.load_or_create_keys(tmp_path)
    assert env.load_or_create_keys(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert len(first.vault[first.vault_current]) == len(first.index) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_keys_do_not_show_in_a_trace(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keys = env.load_or_create_keys(tmp_path)
    assert keys.secret_key not in repr(keys)
    assert repr(keys.index) not in repr(keys)


def test_keys_that_others_can_read_are_refused(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env.load_or_create_keys(tmp_path)
    (tmp_path / "keys.json").chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        env.load_or_create_keys(tmp_path)


@pytest.mark.parametrize(
    "damage", [{"vault": {}}, {"index": "AAAA"}, {"vault_current": "9"}, {"index": None}]
)
def test_damaged_keys_are_refused(
    bare: pytest.MonkeyPatch, tmp_path: Path, damage: dict[str, object]
) -> None:
    env.load_or_create_keys(tmp_path)
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | damage))
    with pytest.raises(ImproperlyConfigured, match=r"keys\.json"):
        env.load_or_create_keys(tmp_path)


def test_an_added_key_leaves_the_fingerprint(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = env.load_or_create_keys(tmp_path)
    path = tmp_path / "keys.json"
    kept = json.loads(path.read_text())
    kept["vault"]["2"], kept["vault_current"] = kept["index"], "2"
    path.write_text(json.dumps(kept))
    assert env.load_or_create_keys(tmp_path).fingerprint() == first.fingerprint()
