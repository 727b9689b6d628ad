"""What a step says to the runner of GitHub Actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint.integrations import runner
from tests.action_runner import obeyed


def test_an_output_of_several_lines_is_one_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    runner.set_output("sarif-file", "a\nexit-code=0")
    first, *between, last = (tmp_path / "output").read_text(encoding="utf-8").splitlines()
    assert (first, ["a", "exit-code=0"]) == (f"sarif-file<<{last}", between)


@pytest.mark.parametrize("line", ["::error file=a::x", "::warning file=a,line=1::x", "::notice::x"])
def test_annotations_are_obeyed_where_they_are_wanted(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    runner.log(f"{line}\n", annotations=True)
    assert f"{line}\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    "line", ["::add-mask::x", " ::error::x", "x\r::set-output name=a::b", "##[error]x", "::debug::x"]
)
def test_nothing_else_is_obeyed(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    runner.log(f"{line}\n", annotations=True)
    assert [] == obeyed(capsys.readouterr().out)
