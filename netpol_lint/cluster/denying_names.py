"""Policies that say in their name, or in a note on them, that they deny, and admit everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from netpol_lint.cluster.isolation import Opening, openings
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.source.location import Location


class Promise(NamedTuple):
    """What a text says that a policy does."""

    denies: bool
    directions: frozenset[Direction]
    """Those it names; none for a text that names no direction."""
    everything: bool
    """Whether it says `all`."""
    outside: bool
    """Whether it speaks of what is outside the cluster."""


class BrokenPromise(NamedTuple):
    """A rule that admits everyone in a policy that says it denies (NP207)."""

    opening: Opening
    said: str
    """The name or annotation that says so."""
    said_at: Location


_WORD: Final = re.compile(r"[a-z]+")
_DENYING: Final = frozenset(
    ("deny", "denies", "denied", "denying", "denyall", "defaultdeny", "isolate", "isolates", "isolated", "isolation")
)
_BLOCKING: Final = frozenset(("block", "blocks", "blocked", "blocking"))
_BLOCKED: Final = frozenset(
    (
        *("all", "any", "everything", "traffic", "access", "connections", "default", "by", "from", "to", "other"),
        *("ingress", "egress", "inbound", "outbound", "incoming", "outgoing", "external", "internet", "public"),
    )
)
"""What people block. Blocks are also parts of storage, so the word alone says nothing."""
_ALLOWING: Final = frozenset(
    (
        *("allow", "allows", "allowed", "allowing", "allowlist", "whitelist", "permit", "permits", "permitted"),
        *("admit", "admits", "accept", "accepts", "open", "opens", "except", "unless", "but", "only", "exempt"),
        *("bypass", "unblock", "unblocks"),
    )
)
_NEGATING: Final = frozenset(("no", "non", "not", "un", "without", "disable", "disables", "disabled", "remove"))
_DIRECTIONS: Final = {
    **dict.fromkeys(("ingress", "inbound", "incoming"), Direction.INGRESS),
    **dict.fromkeys(("egress", "outbound", "outgoing"), Direction.EGRESS),
}
_PROXIES: Final = frozenset(("nginx", "controller", "gateway", "class", "proxy", "router"))
"""After `ingress` or `egress`: the name of a program, not a direction."""
_ALL: Final = frozenset(("all", "any", "everything", "denyall"))
_OUTSIDE: Final = frozenset(("external", "internet", "outside", "public", "world", "www"))
_NOTES: Final = frozenset(("description", "summary", "purpose", "intent", "comment", "note", "title"))
"""The last word of the keys of annotations that describe their object."""


def broken_promises(policy: NetworkPolicy) -> tuple[BrokenPromise, ...]:
    """The rules of a policy that admit everyone although the policy says that it denies; nearly always none.

    A direction that the text names is taken at its word. Without one, the policy has to deny nothing at all: one that
    denies the other direction keeps what it says, unless it says that it denies all and opens ingress.
    """
    opened = {direction: tuple(openings(policy, direction)) for direction in Direction}
    if not any(opened.values()):
        return ()
    for text, at in _texts(policy):
        promise = read_promise(text)
        if not promise.denies:
            continue
        broken = [
            BrokenPromise(opening, text, at)
            for direction in Direction
            for opening in opened[direction]
            if _is_broken(promise, direction, every=all(opened[d] for d in policy.types))
            and not (promise.outside and not opening.outside)
        ]
        if broken:
            return tuple(broken)
    return ()


def _is_broken(promise: Promise, direction: Direction, *, every: bool) -> bool:
    if promise.directions:
        return direction in promise.directions
    return every or (promise.everything and direction is Direction.INGRESS)


def _texts(policy: NetworkPolicy) -> Iterator[tuple[str, Location]]:
    yield policy.meta.name, policy.meta.at
    for annotation in policy.meta.annotations:
        if _NOTES.intersection(_words(annotation.key)[-1:]):
            yield annotation.value, annotation.at


@lru_cache(maxsize=4096)
def read_promise(text: str) -> Promise:
    """Whether a name or note says that something is denied, and what. One that also speaks of allowing says neither."""
    words = _words(text)
    denies = not _ALLOWING.intersection(words) and any(_denies(words, index) for index in range(len(words)))
    directions = frozenset(_directions(words))
    return Promise(denies, directions, bool(_ALL.intersection(words)), bool(_OUTSIDE.intersection(words)))


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(text.lower())


def _denies(words: Sequence[str], index: int) -> bool:
    word = words[index]
    if index and words[index - 1] in _NEGATING:
        return False
    if word in _DENYING:
        return True
    return word in _BLOCKING and (len(words) == 1 or bool(_BLOCKED.intersection(words[index + 1 : index + 2])))


def _directions(words: Sequence[str]) -> Iterator[Direction]:
    for index, word in enumerate(words):
        if word in _DIRECTIONS and not _PROXIES.intersection(words[index + 1 : index + 2]):
            yield _DIRECTIONS[word]
