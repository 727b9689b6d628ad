"""The table of network plugins in docs/enforcement.md, made from the data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.resources.plugins import FEATURES, POLICIES, Answer, known

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "enforcement.md"
_START: Final = "<!-- made by python -m netpol_lint.devtools plugin-table -->\n"


def run(_: list[str]) -> None:
    """Write the table in docs/enforcement.md anew."""
    PAGE.write_text(page_text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page_text(page: str) -> str:
    """The page with the table as the data has it; what stands before the mark stays."""
    words, mark, _ = page.partition(_START)
    if not mark:
        raise NetpolLintError("the page lacks the mark after which the table stands", path=str(PAGE))
    return f"{words}{_START}\n{_table()}\n{_notes()}"


def _table() -> str:
    heads = ["`assume: {plugin: ...}`", "network plugin", *FEATURES.values()]
    lines = [heads, ["---"] * len(heads)]
    for plugin in known().values():
        features = FEATURES if plugin.answer(POLICIES).word != "no" else (POLICIES,)
        answers = [_cell(plugin.answer(feature)) for feature in features]
        answers += ["-"] * (len(FEATURES) - len(answers))
        lines.append([f"`{plugin.name}`", plugin.title, *answers])
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _cell(answer: Answer) -> str:
    return f"[{answer.word}]({answer.source})" if answer.source else answer.word


def _notes() -> str:
    return "".join(
        f"- {plugin.title}, {FEATURES[feature]}: {'; '.join(filter(None, (answer.note, answer.instead)))}.\n"
        for plugin in known().values()
        for feature, answer in plugin.cells.items()
        if answer.note or answer.instead
    )
