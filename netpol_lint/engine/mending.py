"""Fixes round by round: what is mended may bring the next thing to light, until a round mends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from netpol_lint import fixes
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs, deployed, objects_of
from netpol_lint.findings import Finding, Report

_MOST_ROUNDS: Final = 20
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Mended:
    """What the fixes made of the inputs."""

    texts: Mapping[str, str]
    """The new contents of the files that changed, by path."""
    fixed: tuple[Finding, ...]
    inputs: Inputs
    """The inputs with those contents."""


def mend(inputs: Inputs, settings: Settings, judge: Callable[[Inputs, Settings], Report], *, unsafe: bool) -> Mended:
    """Apply the fixes of what `judge` reports; suppressed findings are left alone, and so is what is no UTF-8."""
    texts: dict[str, str] = {}
    fixed: list[Finding] = []
    for _ in range(_MOST_ROUNDS):
        report = judge(inputs, settings)
        fixable = [f for f in report.findings if fixes.is_applicable(f.fix, unsafe=unsafe)]
        paths = {f.fix.edits[0].path for f in fixable}
        contents = {path: text for path in paths if (text := _decoded(inputs.content(path)))}
        bare = {path: text.removeprefix(_BOM) for path, text in contents.items()}
        applied = fixes.apply(fixable, bare, unsafe=unsafe)
        if not applied.texts:
            break
        fixed.extend(applied.fixed)
        changed = {path: _BOM * contents[path].startswith(_BOM) + text for path, text in applied.texts.items()}
        texts.update(changed)
        inputs = _with(inputs, changed, settings)
    return Mended(texts, tuple(fixed), inputs)


def _with(inputs: Inputs, texts: Mapping[str, str], settings: Settings) -> Inputs:
    """The inputs with new contents for some files."""
    contents = {path: text.encode("utf-8") for path, text in texts.items()}
    before = inputs.content
    files = tuple(
        objects_of(contents[file.path], file.path, settings) if file.path in contents else file for file in inputs.files
    )
    known = inputs.sources
    changed = replace(
        inputs,
        files=files,
        content=lambda path: contents[path] if path in contents else before(path),
        sources=replace(known, texts={**known.texts, **contents}),
    )
    return deployed(changed, settings)


def _decoded(content: bytes) -> str:
    """The text to edit, with its byte order mark, which columns do not count; "" where it is no UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
