"""Hosts in free text: URLs, names with a port, and bare names where the key says that the value is a host."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from netpol_lint.records import NamedTuple

_SCHEME: Final = re.compile(r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{1,20})://")
_AFTER_SCHEME: Final = re.compile(r"[^\s\"'<>`\\|{}]{1,1000}")
_AUTHORITY_END: Final = re.compile(r"[/?#;)\]]")
_NAME_AND_PORT: Final = re.compile(r"(?<![\w./:$%{}-])([A-Za-z0-9][A-Za-z0-9_.-]{0,252}):([0-9]{1,5})(?![\w.:@])")
_CLUSTER_NAME: Final = re.compile(
    r"(?<![\w./:$%{}-])([A-Za-z0-9][A-Za-z0-9_.-]{0,240}\.svc(?:\.[A-Za-z0-9.-]{1,60})?)(?![\w:-])"
)
_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?\.?")
_SEPARATORS: Final = re.compile(r"[,;\s]+")
_LINE: Final = re.compile(r"[\s-]*[\"']?([\w./-]{1,100})[\"']?[ \t]*[:=][ \t]*(\S.*)")
_COMMENT: Final = ("#", "//", ";", "--", "<!--", "*", "!")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_HOST_WORDS: Final = frozenset(
    (
        *("host", "hosts", "hostname", "hostnames", "addr", "addrs", "address", "addresses", "url", "urls", "uri"),
        *("endpoint", "endpoints", "server", "servers", "service", "dsn", "broker", "brokers", "upstream", "upstreams"),
        *("backend", "backends", "proxy", "node", "nodes", "peer", "peers", "seed", "seeds", "target", "targets"),
        *("master", "uris"),
    )
)
_NOT_CALLED_WORDS: Final = frozenset(
    (
        *("allow", "allowed", "origin", "origins", "cors", "trusted", "redirect", "callback", "public", "no"),
        *("advertise", "advertised", "listen", "listener", "listeners", "bind", "noproxy"),
    )
)
"""With one of these in its key, a host is not one that is called."""
_NO_HOST_WORDS: Final = frozenset(
    (
        *("name", "type", "account", "domain", "virtual", "cookie", "class", "issuer", "audience", "self", "san"),
        *("publish", "port", "external"),
    )
)
"""With one of these in its key, a bare word is no host."""
_DEFAULT_PORTS: Final = {
    "http": 80,
    "https": 443,
    "ws": 80,
    "wss": 443,
    "redis": 6379,
    "rediss": 6379,
    "amqp": 5672,
    "amqps": 5671,
    "mongodb": 27017,
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "sqlserver": 1433,
    "nats": 4222,
    "ldap": 389,
    "ldaps": 636,
    "ftp": 21,
    "mqtt": 1883,
    "mqtts": 8883,
    "bolt": 7687,
    "neo4j": 7687,
    "memcached": 11211,
    "clickhouse": 9000,
    "cassandra": 9042,
    "kafka": 9092,
    "smtp": 25,
    "smtps": 465,
}
_NO_HOST_SCHEMES: Final = frozenset(
    ("file", "data", "unix", "jar", "urn", "classpath", "about", "spiffe", "s3", "gs", "oci", "k8s")
)
_HOST_ENDINGS: Final = ("servicehost", "hostname", "hosts", "host", "address", "addr", "server", "service")
_LONGEST: Final = 200_000
_MOST: Final = 100


class Form(enum.Enum):
    """How a host is written, which says how sure it is that it is one."""

    URL = enum.auto()
    WITH_PORT = enum.auto()
    NAME = enum.auto()
    """Nothing but the name."""


class Written(NamedTuple):
    """A host in a text; `port` is 0 where neither the text nor its scheme says one."""

    host: str
    port: int
    form: Form
    key: str = ""
    """Of the line in a file, or as it was given."""
    in_file: bool = False


@lru_cache(maxsize=4096)
def hosts_in(text: str, key: str = "") -> tuple[Written, ...]:
    """The hosts that a text names, in order, each once; a text of several lines is read as a file.

    Any text will do: what is no host gives nothing. Credentials in a URL are left out.
    """
    if len(text) > _LONGEST:
        return ()
    found = _in_file(text) if "\n" in text.strip() else _in_value(text.strip(), key)
    first: dict[tuple[str, int], Written] = {}
    for written in found:
        first.setdefault((written.host, written.port), written)
    return tuple(first.values())[:_MOST]


def is_host_key(key: str) -> bool:
    """Whether the value of a variable, flag or setting with this name is a host that is called."""
    words = {word.lower() for word in _WORD.findall(key[:200])}
    return not words.isdisjoint(_HOST_WORDS) and words.isdisjoint(_NOT_CALLED_WORDS | _NO_HOST_WORDS)


def _is_not_called(key: str) -> bool:
    """Whether it is that of hosts that others call, or that nobody calls."""
    return not _NOT_CALLED_WORDS.isdisjoint(word.lower() for word in _WORD.findall(key[:200]))


def is_address(host: str) -> bool:
    """Whether it is an IPv4 address in dots."""
    parts = host.split(".")
    return len(parts) == 4 and all(part.isascii() and part.isdigit() and int(part[:4]) < 256 for part in parts)


def stem_of_host(key: str) -> str:
    """What is left of the name of a host's variable without `HOST`, as `stem_of_port` gives for its port's."""
    return _without(
        _squeezed(key), ("servicehost", "hostname", "hosts", "host", "address", "addr", "server", "service")
    )


def stem_of_port(key: str) -> str:
    """`db` of `DB_PORT` and `dbPort`; "" where the name is no port's."""
    return _without(_squeezed(key), ("serviceport", "port"))


def _squeezed(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key[:200].lower())


def _without(squeezed: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if squeezed.endswith(ending):
            return squeezed.removesuffix(ending)
    return ""


def _in_file(text: str) -> Iterator[Written]:
    if "apiVersion" in text and "kind" in text:
        return  # a manifest in a manifest: its hosts are for the pods it makes
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith(_COMMENT):
            continue
        setting = _LINE.match(stripped)
        key, value = (setting[1], setting[2]) if setting is not None else ("", stripped)
        if value.startswith("//"):  # what looked like a key is a scheme
            key, value = "", stripped
        for written in _in_value(value.split(" #", 1)[0].strip("\"',; "), key):
            yield written._replace(in_file=True)


def _in_value(text: str, key: str) -> Iterator[Written]:
    if _is_not_called(key):
        return
    yield from _urls(text, key)
    for found in _NAME_AND_PORT.finditer(text):
        yield from _host(found[1], found[2], Form.WITH_PORT, key)
    for found in _CLUSTER_NAME.finditer(text):
        yield from _host(found[1], "", Form.NAME, key)
    if is_host_key(key) and len(text) < _LONGEST // 100:
        for part in _SEPARATORS.split(text):
            yield from _host(part, "", Form.NAME, key)


def _urls(text: str, key: str) -> Iterator[Written]:
    for found in _SCHEME.finditer(text):
        scheme = found[1].lower()
        rest = _AFTER_SCHEME.match(text, found.end())
        if rest is None or scheme in _NO_HOST_SCHEMES:
            continue
        authority = _AUTHORITY_END.split(rest[0], maxsplit=1)[0]
        if "@" not in authority and "@" in rest[0] and not _is_hosts(authority):
            continue  # a password with a slash: nothing of it is a host
        default = str(_DEFAULT_PORTS.get(scheme.partition("+")[0], ""))
        for part in authority.rpartition("@")[2].split(","):
            host, colon, port = part.partition(":")
            if port or not colon:
                yield from _host(host, port or default, Form.URL, key)


def _is_hosts(authority: str) -> bool:
    return all(port.isdigit() or not colon for _, colon, port in (part.partition(":") for part in authority.split(",")))


def _host(host: str, port: str, form: Form, key: str) -> Iterator[Written]:
    number = int(port) if len(port) < 6 and port.isascii() and port.isdigit() else 0
    is_port = not port or 0 < number < 65536
    if is_port and _HOST.fullmatch(host) and not host.isdigit() and ".." not in host:
        yield Written(host.rstrip(".").lower(), number, form, key)
