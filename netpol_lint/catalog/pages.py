"""A rule's page: front matter, prose, and the examples that are its tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple
from netpol_lint.source.front_matter import read_front_matter

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = 3_000
"""Characters of a page in which its head ends, as a rule."""
_LONGEST_TITLE: Final = 200


class Head(NamedTuple):
    """Front matter and title: what every run needs."""

    id: str
    severity: str
    scope: str
    since: str
    aliases: tuple[str, ...]
    references: tuple[str, ...]
    needs: tuple[str, ...]
    title: str


class Arrow(NamedTuple):
    """`# <- words`: exactly one problem starts on this line and its message contains the words."""

    path: str
    line: int
    words: str


class Example(NamedTuple):
    """One fenced `yaml` block. `config` is the text of the `yaml config` block before it, "" without one."""

    section: str
    line: int
    """Of the first line of the block, in the page."""
    files: tuple[tuple[str, str], ...]
    """Paths and texts, arrows taken out."""
    arrows: tuple[Arrow, ...]
    config: str


class Page(NamedTuple):
    """A whole page."""

    head: Head
    prose: str
    """Markdown after the title."""
    examples: tuple[Example, ...]


def read_head(page: str) -> Head:
    """The head of a page; NetpolLintError if it has none."""
    with open(page, encoding="utf-8") as file:
        text = file.read(_HEAD)
        if "\n# " not in text[:-_LONGEST_TITLE]:
            text += file.read()
    data, body = read_front_matter(text, page)
    title = f"\n{body}".partition("\n# ")[2].partition("\n")[0].strip()
    if not title or "id" not in data or "severity" not in data:
        raise NetpolLintError("a rule's page needs front matter with id and severity, and a title", path=page)
    return Head(
        str(data["id"]),
        str(data["severity"]),
        str(data.get("scope", "unit")),
        str(data.get("since", "")),
        _strings(data.get("aliases")),
        _strings(data.get("references")),
        _strings(data.get("needs")),
        title,
    )


def read_page(page: Path) -> Page:
    """The whole page with its examples."""
    text = page.read_text(encoding="utf-8")
    _, body = read_front_matter(text, str(page))
    first_line = text[: len(text) - len(body)].count("\n") + 1
    _, _, prose = body.partition("\n# ")
    return Page(read_head(str(page)), prose.partition("\n")[2].strip() + "\n", tuple(_examples(body, first_line)))


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _examples(body: str, first_line: int) -> Iterator[Example]:
    import re

    fences = re.compile(r"^```(\S*)[ ]*(.*)$")
    section, config = "", ""
    lines = iter(enumerate(body.split("\n"), start=first_line))
    for number, line in lines:
        if line.startswith("## "):
            section, config = line[3:].strip(), ""
            continue
        fence = fences.match(line)
        if fence is None:
            continue
        block = _block(lines)
        if fence[1] != "yaml":
            continue
        if fence[2].strip() == "config":
            config = "\n".join(block) + "\n"
            continue
        files, arrows = _files(block)
        yield Example(section, number + 1, files, arrows, config)
        config = ""


def _block(lines: Iterator[tuple[int, str]]) -> list[str]:
    block = []
    for _, line in lines:
        if line.startswith("```"):
            break
        block.append(line)
    return block


def _files(block: list[str]) -> tuple[tuple[tuple[str, str], ...], tuple[Arrow, ...]]:
    import re

    files = re.compile(r"^--- # file: (?P<path>\S+)\s*$")
    words = re.compile(r"\s*# <- (?P<words>.*)$")
    texts: dict[str, list[str]] = {}
    arrows: list[Arrow] = []
    path = "manifest.yaml"
    for line in block:
        new_file = files.match(line)
        if new_file is not None:
            path = new_file["path"]
            texts.setdefault(path, [])
            continue
        own = texts.setdefault(path, [])
        arrow = words.search(line)
        if arrow is not None:
            arrows.append(Arrow(path, len(own) + 1, arrow["words"].strip()))
        own.append(line[: arrow.start()] if arrow is not None else line)
    return tuple((name, "\n".join(own) + "\n") for name, own in texts.items()), tuple(arrows)
