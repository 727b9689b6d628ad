"""The objects of a kustomization while it is built: what they are called, were called, and which a selector means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.kustomize.draft import Map
from netpol_lint.render.kustomize.known import is_cluster_scoped
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location

NO_NAMESPACE: Final = "_non_namespaceable_"
_DEFAULT: Final = "default"


class Id(NamedTuple):
    """What identifies an object; a namespace that is not given is `default`."""

    api_version: str
    kind: str
    name: str
    namespace: str

    def __str__(self) -> str:
        where = "" if self.namespace in {NO_NAMESPACE, _DEFAULT} else f" in {self.namespace}"
        return f"{self.kind} {self.name}{where}"


class Type(NamedTuple):
    """A kind, or with some of it empty all kinds of which the rest is true."""

    group: str = ""
    version: str = ""
    kind: str = ""

    def selects(self, other: Type) -> bool:
        """Whether the other is such a kind."""
        return all(not mine or mine == its for mine, its in zip(self, other, strict=True))


@dataclass(slots=True, eq=False)
class Object:
    """One object, open for change."""

    root: Map
    document: Document
    previous: list[tuple[str, str, str]] = field(default_factory=list)
    """The namespaces, names and kinds it had, oldest first."""
    prefixes: list[str] = field(default_factory=list)
    suffixes: list[str] = field(default_factory=list)
    needs_hash: bool = False
    variables: list[str] = field(default_factory=list)
    """The vars that are fields of it."""
    from_chart: bool = False
    """Whether Helm made it: then it stays in the namespace it has."""
    _typed: tuple[object, object, Type] = (None, None, Type())
    """Its `apiVersion` and `kind`, and what they come to: asked for by every field that a transformer may change."""

    @property
    def api_version(self) -> str:
        return self.root.text("apiVersion")

    @property
    def kind(self) -> str:
        return self.root.text("kind")

    @property
    def name(self) -> str:
        return self.root.text("metadata", "name")

    @property
    def namespace(self) -> str:
        return self.root.text("metadata", "namespace")

    @property
    def type(self) -> Type:
        version, kind = self.root.entries.get("apiVersion"), self.root.entries.get("kind")
        if self._typed[0] is not version or self._typed[1] is not kind:
            self._typed = (version, kind, type_of(self.api_version, self.kind))
        return self._typed[2]

    @property
    def is_cluster_scoped(self) -> bool:
        return is_cluster_scoped(self.api_version, self.kind)

    @property
    def id(self) -> Id:
        return identity(self.api_version, self.kind, self.name, self.namespace)

    @property
    def ids(self) -> Iterator[Id]:
        """What it was called, oldest first, and is called now."""
        version = self.api_version
        for namespace, name, kind in self.previous:
            yield identity(version, kind, name, namespace)
        yield self.id

    @property
    def first_id(self) -> Id:
        return next(self.ids)

    @property
    def at(self) -> Location:
        return self.root.at.location

    def remember(self) -> None:
        """Keep what it is called now among what it was called."""
        now = self.id
        self.previous.append((now.namespace, now.name, now.kind))


def type_of(api_version: str, kind: str) -> Type:
    """Group, version and kind."""
    group, slash, version = api_version.partition("/")
    return Type(group, version, kind) if slash else Type("", api_version, kind)


def identity(api_version: str, kind: str, name: str, namespace: str) -> Id:
    """The identity of an object that says this of itself."""
    if is_cluster_scoped(api_version, kind):
        return Id(api_version, kind, name, NO_NAMESPACE)
    return Id(api_version, kind, name, namespace or _DEFAULT)


def with_id(objects: Iterable[Object], wanted: Id) -> list[Object]:
    """The objects that are or were called so."""
    return [found for found in objects if any(one == wanted for one in found.ids)]


class Selector(NamedTuple):
    """A patch's target: regular expressions, each of which has to match the whole text."""

    group: str = ""
    version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    labels: str = ""
    annotations: str = ""

    def select(self, objects: Iterable[Object]) -> list[Object]:
        """The objects it means; ValueError for what is no regular expression or no selector."""
        labels, annotations = _requirements(self.labels), _requirements(self.annotations)
        found = []
        for one in objects:
            first, now = one.first_id, one.id
            if not (_matches(self.namespace, first.namespace) or _matches(self.namespace, now.namespace)):
                continue
            if not (_matches(self.name, first.name) or _matches(self.name, now.name)):
                continue
            its = one.type
            if not all(_matches(*pair) for pair in zip((self.group, self.version, self.kind), its, strict=True)):
                continue
            if labels(_texts(one, "labels")) and annotations(_texts(one, "annotations")):
                found.append(one)
        return found


def _matches(pattern: str, text: str) -> bool:
    return not pattern or compiled(pattern).fullmatch(text[:_LONGEST_TEXT]) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression of Go's, which take linear time; ValueError for one with which Python may take for ever."""
    if len(pattern) > _LONGEST_TEXT or _REPEATED_GROUP.search(pattern) or len(_REPEAT.findall(pattern)) > _MOST_REPEATS:
        raise ValueError(f"the regular expression {pattern[:60]!r} is more than is read here")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error


_LONGEST_TEXT: Final = 300
"""Names have at most 253 characters."""
_REPEATED_GROUP: Final = re.compile(r"\)\s*[*+{]|\\[1-9]|\(\?[^:i]")
"""What can take for ever, and what Go does not know."""
_REPEAT: Final = re.compile(r"[*+{]")
_MOST_REPEATS: Final = 3


def _texts(one: Object, which: str) -> dict[str, str]:
    metadata = one.root.get("metadata")
    found = metadata.get(which) if isinstance(metadata, Map) else None
    return {key: found.text(key) for key in found.entries} if isinstance(found, Map) else {}


_LONGEST_SELECTOR: Final = 2_000
_REQUIREMENT: Final = re.compile(
    r"\s*(?:(?P<absent>!)\s*(?P<no_key>[\w./-]+)"
    r"|(?P<set_key>[\w./-]+)\s+(?P<set_operator>in|notin)\s*\((?P<values>[^()]*)\)"
    r"|(?P<key>[\w./-]+)\s*(?P<operator>==|=|!=)\s*(?P<value>[\w.-]*)"
    r"|(?P<only_key>[\w./-]+))\s*(?:,|\Z)"
)


@lru_cache(maxsize=256)
def _requirements(selector: str) -> Callable[[dict[str, str]], bool]:
    """A label selector as text (`app=web,tier in (a, b),!old`) as a test of labels."""
    tests: list[Callable[[dict[str, str]], bool]] = []
    if len(selector) > _LONGEST_SELECTOR:
        raise ValueError("the label selector is longer than is read here")
    at = 0
    while at < len(selector):
        match = _REQUIREMENT.match(selector, at)
        if match is None or match.end() == at:
            raise ValueError(f"{selector!r} is no label selector")
        tests.append(_test(match))
        at = match.end()
    return lambda labels: all(test(labels) for test in tests)


def _test(match: re.Match[str]) -> Callable[[dict[str, str]], bool]:
    if match["absent"]:
        return lambda labels, key=match["no_key"]: key not in labels  # type: ignore[misc]
    if match["only_key"]:
        return lambda labels, key=match["only_key"]: key in labels  # type: ignore[misc]
    key = match["key"] or match["set_key"]
    values = frozenset((match["value"],) if match["key"] else (value.strip() for value in match["values"].split(",")))
    wanted = (match["operator"] or match["set_operator"]) in {"=", "==", "in"}
    if wanted:
        return lambda labels: labels.get(key) in values
    return lambda labels: labels.get(key) not in values
