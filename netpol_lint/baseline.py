"""The baseline: findings that were there before, written down by fingerprint, so that only new ones are reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from netpol_lint.catalog import Rule
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import NO_OBJECT, Finding, SuppressedFinding, Suppression
from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location, Span

VERSION: Final = 1
MOST_BYTES: Final = 64 * 1024 * 1024
"""A baseline of more is not read: about 200,000 findings."""
_UNUSED: Final = "NP901"
_KEYS: Final = ("fingerprint", "rule", "path", "message")

Detailed: TypeAlias = tuple[Finding, str]
"""A finding without fingerprint, and the stable detail that enters it."""


class Entry(NamedTuple):
    """A known finding. Only the fingerprint counts; the rest is for people, and as it was when it was written."""

    fingerprint: str
    rule: str
    path: str
    message: str
    at: Location
    """The fingerprint in the baseline file."""


class Baseline(NamedTuple):
    """What a baseline file says."""

    path: str
    entries: tuple[Entry, ...]


class Applied(NamedTuple):
    """The findings that are new, those that are known, and NP901 for entries of findings that are gone."""

    kept: tuple[Finding, ...]
    suppressed: tuple[SuppressedFinding, ...]
    complaints: tuple[Detailed, ...]


def write(findings: Iterable[Finding]) -> str:
    """The baseline of these findings: JSON, one entry a line, in an order that a change elsewhere does not shuffle."""
    entries = sorted(
        {(f.at.path, f.rule, f.fingerprint): f for f in findings}.items(), key=lambda item: (item[0], item[1].message)
    )
    lines = [_line(finding) for _, finding in entries]
    body = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "version": {VERSION},\n  "findings": [{chr(10) + body + chr(10) + "  " if lines else ""}]\n}}\n'


def _line(finding: Finding) -> str:
    values = (finding.fingerprint, finding.rule, finding.at.path, finding.message)
    return json.dumps(dict(zip(_KEYS, values, strict=True)))


def load(path: str) -> Baseline:
    """The baseline in a file; NetpolLintError if it cannot be read or is none."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise NetpolLintError(f"a baseline of more than {MOST_BYTES} bytes is not read", path=path)
        return read(data.decode(), path)
    except UnicodeDecodeError as error:
        raise NetpolLintError("the baseline is not UTF-8 text", path=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no path"
        raise NetpolLintError(f"the baseline cannot be read: {reason}", path=path) from error


def read(text: str, path: str) -> Baseline:
    """The baseline in a text; NetpolLintError with a place if it is none."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise NetpolLintError(f"not JSON: {error.msg}", path=path, line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise NetpolLintError("not JSON that can be read", path=path, line=1, column=1) from error
    if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
        raise NetpolLintError("not a baseline: `netpol-lint baseline -o FILE` writes one", path=path, line=1, column=1)
    if data.get("version") != VERSION:
        message = f"a baseline of version {data.get('version')!r}; this netpol-lint reads version {VERSION}"
        raise NetpolLintError(message, path=path, line=1, column=1)
    return Baseline(path, tuple(_entries(data["findings"], text, path)))


def _entries(items: list[Any], text: str, path: str) -> Iterator[Entry]:
    seen = 0
    line, start = 1, 0
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in _KEYS):
            message = f"entry {number} of the baseline lacks one of {', '.join(_KEYS)}"
            raise NetpolLintError(message, path=path, line=line, column=1)
        fingerprint, rule, file, message = (item[key] for key in _KEYS)
        found = text.find(json.dumps(fingerprint), seen)
        if found >= 0:
            line += text.count("\n", seen, found)
            start = text.rfind("\n", 0, found) + 1
            seen = found
        column = seen - start + 1
        span = Span(line, column, line, column + len(fingerprint) + 2)
        yield Entry(fingerprint, rule, file, message, Location(path, span, f"/findings/{number - 1}/fingerprint"))


def apply(
    findings: Iterable[Finding],
    baseline: Baseline,
    rules: Sequence[Rule] = (),
    is_judged: Callable[[str], bool] = lambda _path: True,
) -> Applied:
    """Part the findings into new and known ones.

    NP901, if it is among the rules of the run, reports an entry whose finding is gone; only if its rule is among them
    too, and `is_judged` says that the run looked at its file, or would have if it were still there.
    """
    known = {entry.fingerprint: entry for entry in baseline.entries}
    kept: list[Finding] = []
    suppressed: list[SuppressedFinding] = []
    met: set[str] = set()
    for finding in findings:
        entry = known.get(finding.fingerprint)
        if entry is None:
            kept.append(finding)
        else:
            met.add(entry.fingerprint)
            suppressed.append(SuppressedFinding(finding, Suppression("baseline", "", entry.at)))
    stale = (e for e in baseline.entries if e.fingerprint not in met and is_judged(e.path))
    return Applied(tuple(kept), tuple(suppressed), tuple(_complaints(stale, rules)))


def _complaints(stale: Iterable[Entry], rules: Sequence[Rule]) -> Iterator[Detailed]:
    by_id = {rule.id: rule for rule in rules}
    unused = by_id.get(_UNUSED)
    if unused is None:
        return
    for entry in stale:
        if entry.rule in by_id:
            message = f"the baseline keeps a finding of {entry.rule} in {entry.path} that is gone: write it anew"
            at = entry.at._replace(pointer="/findings")
            finding = Finding(unused.id, unused.name, unused.info.severity, message, at, NO_OBJECT, (".",))
            yield finding, f"baseline {entry.fingerprint}"
