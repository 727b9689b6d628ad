"""Hosts in free text: what is one, with which port, and that no text does any harm."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from netpol_lint.needs.hosts import hosts_in, is_host_key, stem_of_host, stem_of_port


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://backend", ["backend:80"]),
        (
            "https://Backend.Shop.svc.cluster.local./x?y=http://other:1",
            ["backend.shop.svc.cluster.local:443", "other:1"],
        ),
        ("http://backend:8080/api", ["backend:8080"]),
        ("postgres://web:hunter2@db.data/shop", ["db.data:5432"]),
        ("jdbc:postgresql://db:5433/shop?user=a", ["db:5433"]),
        ("jdbc:sqlserver://db:1433;databaseName=shop", ["db:1433"]),
        ("mongodb://u:p@m-0.m:27017,m-1.m:27018,m-2.m/admin", ["m-0.m:27017", "m-1.m:27018", "m-2.m:27017"]),
        ("amqp://queue", ["queue:5672"]),
        ("redis+sentinel://cache", ["cache:6379"]),
        ("failover:(tcp://a:61616,tcp://b:61617)", ["a:61616", "b:61617"]),
        ("user:secret@tcp(mysql:3306)/shop", ["mysql:3306"]),
        ("kafka-0.kafka:9092,kafka-1.kafka:9092", ["kafka-0.kafka:9092", "kafka-1.kafka:9092"]),
        ("until nc -z db 5432; do curl http://api.shop/health; done", ["api.shop:80"]),
        ("cache.shop.svc", ["cache.shop.svc:0"]),
        ("postgres://web:a/b@db/shop", []),
        ("file:///etc/hosts unix:///run/x.sock", []),
        ("backend", []),
        (":8080 10:30:00 sha256:1234567 key: value", []),
        ("http://backend:99999", []),
        ("http://${HOST}:80", []),
        ("[::1]:80", []),
    ],
)
def test_a_text_names_hosts_with_the_ports_that_it_or_the_scheme_says(text: str, expected: list[str]) -> None:
    assert expected == list(dict.fromkeys(f"{one.host}:{one.port}" for one in hosts_in(text)))


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("BACKEND_HOST", "backend", ["backend"]),
        ("bootstrapServers", "a, b;c.d", ["a", "b", "c.d"]),
        ("BACKEND", "backend", ["backend"]),
        ("THEME", "backend", []),
        ("SERVICE_NAME", "backend", []),
        ("ALLOWED_HOSTS", "backend http://backend", []),
        ("NO_PROXY", "backend,backend.shop.svc", []),
        ("corsOrigin", "http://backend:80", []),
        ("API_HOST", "two words!", ["two"]),
    ],
)
def test_the_key_says_whether_a_bare_word_is_a_host(key: str, text: str, expected: list[str]) -> None:
    assert expected == [one.host for one in hosts_in(text, key)]


def test_a_file_is_read_by_its_lines_without_its_comments() -> None:
    text = """\
# see http://docs:80
spring.redis.host=cache
url: "http://api:8080"  # not http://old:80
upstream web { server web:8080; }
proxy_pass http://backend;
theme: dark
"""
    expected = [("cache", 0), ("api", 8080), ("web", 8080), ("backend", 80)]
    assert expected == [(one.host, one.port) for one in hosts_in(text)]


def test_a_manifest_in_a_file_names_hosts_for_other_pods() -> None:
    assert () == hosts_in("apiVersion: v1\nkind: Pod\nurl: http://backend:80\n")


@pytest.mark.parametrize(
    ("host", "port"),
    [("DB_HOST", "DB_PORT"), ("dbHost", "dbPort"), ("db-addr", "db.port"), ("DB_SERVICE_HOST", "DB_PORT")],
)
def test_the_names_of_a_hosts_variable_and_of_its_ports_have_a_stem_in_common(host: str, port: str) -> None:
    assert ("db", "db") == (stem_of_host(host), stem_of_port(port))


@given(st.text(max_size=300), st.text(max_size=40))
@example("http://a@@:b://c:0", "HOST")
@example("a" * 300 + ":80", "")
@example("1.2.3.4:99999 \u0661:80", "HOST")
def test_no_text_makes_it_raise(text: str, key: str) -> None:
    assert all(0 <= one.port < 65536 and one.host for one in hosts_in(text, key))
    assert isinstance(is_host_key(key), bool)
    assert isinstance(stem_of_host(key) + stem_of_port(key), str)


@given(st.from_regex(r"[A-Za-z0-9!$%&*+=._~-]{8,20}", fullmatch=True))
def test_no_credential_is_taken_for_a_host(password: str) -> None:
    found = hosts_in(f"postgres://web:{password}@db:5432/shop", "DATABASE_URL")
    assert ["db"] == [one.host for one in found]
