"""The identity of a finding across edits: what it says about which part of which object, never where that stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from netpol_lint.findings import Finding
from netpol_lint.source.location import Location


class Pointers:
    """JSON pointers into one document with what stands in a list in place of its index: reordering keeps them.

    What stands in a list is hashed once, however many pointers lead through it.
    """

    def __init__(self, data: Any) -> None:
        self._data = data
        self._digests: dict[tuple[str, ...], str] = {}

    def stable(self, pointer: str) -> str:
        """The pointer with a hash of the element's canonical content for each list index."""
        segments = tuple(pointer.split("/")[1:])
        data = self._data
        stable: list[str] = []
        for count, segment in enumerate(segments, start=1):
            key = segment.replace("~1", "/").replace("~0", "~")
            if isinstance(data, list) and key.isdigit() and int(key) < len(data):
                data = data[int(key)]
                stable.append(f"#{self._digest(segments[:count], data)}")
                continue
            data = data.get(key) if isinstance(data, dict) else None
            stable.append(segment)
        return "/" + "/".join(stable)

    def _digest(self, place: tuple[str, ...], data: Any) -> str:
        if place not in self._digests:
            import json

            canonical = json.dumps(data, sort_keys=True, ensure_ascii=False)
            self._digests[place] = _sha256(canonical)[:16]
        return self._digests[place]


class Trees(Protocol):
    """How the document around a place is found again."""

    def __call__(self, at: Location) -> Pointers: ...


def with_fingerprints(findings: Iterable[tuple[Finding, str]], trees: Trees) -> Iterator[Finding]:
    """The findings (each with its stable detail) with fingerprints; equal ones are told apart by an ordinal by path.

    sha256 of rule id, group/kind, namespace, name, the pointer with list indices replaced by a hash of the
    element's canonical content, and the detail. Order of the input does not matter for the hash.
    """
    hashed = [(_digest(finding, detail, trees), finding) for finding, detail in findings]
    seen: dict[str, int] = {}
    numbered: dict[int, str] = {}
    for index in sorted(range(len(hashed)), key=lambda i: hashed[i][1].at):
        digest = hashed[index][0]
        ordinal = seen[digest] = seen.get(digest, 0) + 1
        numbered[index] = digest if ordinal == 1 else _sha256(f"{digest}:{ordinal}")
    for index, (_, finding) in enumerate(hashed):
        yield finding._replace(fingerprint=numbered[index][:32])


def without_fingerprints(findings: Iterable[tuple[Finding, str]], _trees: Trees) -> Iterator[Finding]:
    """The findings as they are, where nobody asks for their identity."""
    return (finding for finding, _ in findings)


def _digest(finding: Finding, detail: str, trees: Trees) -> str:
    about = finding.about
    pointer = finding.at.pointer
    if any(segment.isdigit() for segment in pointer.split("/")):
        pointer = trees(finding.at).stable(pointer)
    parts = (finding.rule, about.group, about.kind, about.namespace, about.name, pointer, detail)
    return _sha256("\0".join(parts))


def _sha256(text: str) -> str:
    from hashlib import sha256  # a run without findings does not load OpenSSL

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
