"""The identity of a finding across edits: what it says about which part of which object, never where that stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from netpol_lint.findings import Finding


class Trees(Protocol):
    """How the plain data of the document around a place is found again."""

    def __call__(self, path: str, line: int) -> Any: ...


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
        pointer = stable_pointer(pointer, trees(finding.at.path, finding.at.span.line))
    parts = (finding.rule, about.group, about.kind, about.namespace, about.name, pointer, detail)
    return _sha256("\0".join(parts))


def stable_pointer(pointer: str, data: Any) -> str:
    """The pointer with each list index replaced by a hash of what stands there, so that reordering keeps it."""
    stable: list[str] = []
    for segment in pointer.split("/")[1:]:
        key = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(data, list) and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
            stable.append(f"#{_content(data)}")
            continue
        data = data.get(key) if isinstance(data, dict) else None
        stable.append(segment)
    return "/" + "/".join(stable)


def _content(data: Any) -> str:
    import json

    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return _sha256(canonical)[:16]


def _sha256(text: str) -> str:
    from hashlib import sha256  # a run without findings does not load OpenSSL

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
