"""Fixes round by round: what is mended may bring the next thing to light, until a round mends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from netpol_lint import fixes
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs, deployed, objects_of
from netpol_lint.engine.proving import changes_no_connection
from netpol_lint.findings import Finding, Report
from netpol_lint.source.location import Location

_MOST_ROUNDS: Final = 20
_BOM: Final = "\ufeff"
_Key: TypeAlias = tuple[str, Location, str]


@dataclass(frozen=True, slots=True)
class Mended:
    """What the fixes made of the inputs."""

    texts: Mapping[str, str]
    """The new contents of the files that changed, by path."""
    fixed: tuple[Finding, ...]
    inputs: Inputs
    """The inputs with those contents."""
    refused: tuple[Finding, ...] = ()
    """What is left because the text after its fix would not say what was meant."""


def mend(inputs: Inputs, settings: Settings, judge: Callable[[Inputs, Settings], Report], *, unsafe: bool) -> Mended:
    """Apply the fixes of what `judge` reports; suppressed findings are left alone, and so is what is no UTF-8.

    Safe fixes come first, and are taken only if they change no connection; one that does is an unsafe fix.
    """
    texts: dict[str, str] = {}
    fixed: list[Finding] = []
    refused: tuple[Finding, ...] = ()
    doubtful: set[_Key] = set()
    for _ in range(_MOST_ROUNDS):
        fixable = [f for f in judge(inputs, settings).findings if f.fix.edits]
        safe = [f for f in fixable if f.fix.safe and _key(f) not in doubtful]
        step = _proved(inputs, settings, safe, doubtful)
        refused = step.refused
        if not step.fixed and unsafe:
            step = _step(inputs, settings, [f for f in fixable if not f.fix.safe or _key(f) in doubtful])
            refused += step.refused
        if not step.fixed:
            break
        fixed.extend(step.fixed)
        texts.update(step.texts)
        inputs = step.inputs
    return Mended(texts, tuple(fixed), inputs, refused)


def _proved(inputs: Inputs, settings: Settings, findings: Sequence[Finding], doubtful: set[_Key]) -> Mended:
    """What safe fixes make of the inputs: all together if that changes no connection, else halves of them.

    A single one that does change a connection is among the `doubtful` afterwards.
    """
    step = _step(inputs, settings, findings)
    if not step.fixed or changes_no_connection(inputs, step.inputs, settings, step.texts):
        return step
    if len(findings) == 1:
        doubtful.add(_key(findings[0]))
        return Mended({}, (), inputs)
    middle = len(findings) // 2
    first = _proved(inputs, settings, findings[:middle], doubtful)
    return first if first.fixed else _proved(inputs, settings, findings[middle:], doubtful)


def _step(inputs: Inputs, settings: Settings, findings: Sequence[Finding]) -> Mended:
    """What one round of these fixes makes of the inputs."""
    paths = {f.fix.edits[0].path for f in findings}
    contents = {path: text for path in paths if (text := _decoded(inputs.content(path)))}
    bare = {path: text.removeprefix(_BOM) for path, text in contents.items()}
    applied = fixes.apply(findings, bare, unsafe=True)
    changed = {path: _BOM * contents[path].startswith(_BOM) + text for path, text in applied.texts.items()}
    after = _with(inputs, changed, settings) if changed else inputs
    return Mended(changed, applied.fixed, after, applied.refused)


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.at, finding.fix.description


def _with(inputs: Inputs, texts: Mapping[str, str], settings: Settings) -> Inputs:
    """The inputs with new contents for some files."""
    contents = {path: text.encode("utf-8") for path, text in texts.items()}
    before = inputs.content
    files = tuple(
        objects_of(contents[file.path], file.path, settings) if file.path in contents else file for file in inputs.files
    )
    known = inputs.sources
    changed = inputs._replace(
        files=files,
        content=lambda path: contents[path] if path in contents else before(path),
        sources=known._replace(texts={**known.texts, **contents}),
    )
    return deployed(changed, settings)


def _decoded(content: bytes) -> str:
    """The text to edit, with its byte order mark, which columns do not count; "" where it is no UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
