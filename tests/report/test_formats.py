"""Every format of one sample, as written down in `expected/`; `python -m tests.report.test_formats` writes it anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint import report as reports
from netpol_lint.errors import NetpolLintError
from tests.report.making import EMPTY, HOSTILE, SAMPLE, many

EXPECTED = Path(__file__).parent / "expected"
READABLE = tuple(name for name in reports.formats() if name not in ("html", "sarif"))
OPTIONS = reports.Options()
LINES = ("azure", "concise", "github", "grouped", "json-lines", "rdjsonl", "text")
"""Formats that say nothing where there is nothing to say."""


@pytest.mark.parametrize("name", READABLE)
def test_the_sample_looks_as_written_down(name: str) -> None:
    expected = (EXPECTED / f"{name}.txt").read_text(encoding="utf-8")
    assert expected == reports.render(name, SAMPLE, OPTIONS)


@pytest.mark.parametrize("name", ["text", "github", "markdown"])
def test_hostile_text_looks_as_written_down(name: str) -> None:
    expected = (EXPECTED / f"hostile-{name}.txt").read_text(encoding="utf-8")
    assert expected == reports.render(name, HOSTILE, OPTIONS)


def test_the_formats_are_the_modules_of_the_package() -> None:
    expected = (
        "azure checkstyle concise github gitlab grouped html json json-lines junit markdown rdjson rdjsonl sarif text"
    )
    assert expected == " ".join(reports.formats())


def test_an_unknown_format_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(NetpolLintError, match="no format 'txt': there are azure, checkstyle"):
        reports.render("txt", SAMPLE, OPTIONS)


@pytest.mark.parametrize("name", reports.formats())
def test_output_is_the_same_every_time(name: str) -> None:
    assert reports.render(name, SAMPLE, OPTIONS) == reports.render(name, SAMPLE, OPTIONS)


@pytest.mark.parametrize("name", sorted({*reports.formats()} - {"text", "grouped"}))
def test_output_ends_with_one_line_break(name: str) -> None:
    text = reports.render(name, SAMPLE, OPTIONS)
    assert "\n" == text[len(text.rstrip()) :]


@pytest.mark.parametrize("name", reports.formats())
def test_only_formats_of_lines_are_empty_when_nothing_is_found(name: str) -> None:
    assert (name in LINES) == (reports.render(name, EMPTY, OPTIONS) == "")


@pytest.mark.parametrize("name", reports.formats())
def test_only_formats_that_can_mark_them_show_suppressed_findings(name: str) -> None:
    able = ("text", "concise", "grouped", "json", "json-lines", "sarif", "junit", "markdown", "html")
    shown = reports.render(name, SAMPLE, reports.Options(show_suppressed=True))
    assert (name in able) == (shown != reports.render(name, SAMPLE, OPTIONS))


@pytest.mark.parametrize("name", reports.formats())
def test_no_file_is_read_twice(name: str) -> None:
    report = many(300, per_file=100)
    read: list[str] = []
    text = report.source_text

    def source_text(path: str) -> str:
        read.append(path)
        return text(path)

    reports.render(name, report._replace(source_text=source_text), OPTIONS)
    assert sorted(set(read)) == sorted(read)


def _write_down() -> None:
    EXPECTED.mkdir(exist_ok=True)
    for name in READABLE:
        (EXPECTED / f"{name}.txt").write_text(reports.render(name, SAMPLE, OPTIONS), encoding="utf-8", newline="")
    for name in ("text", "github", "markdown"):
        text = reports.render(name, HOSTILE, OPTIONS)
        (EXPECTED / f"hostile-{name}.txt").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    _write_down()
