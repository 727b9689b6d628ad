"""The process that evaluates: what a hostile expression cannot do, and what is said when it does not work."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from netpol_lint.custom import child
from netpol_lint.custom.evaluating import Evaluator
from netpol_lint.custom.expressions import Expression
from netpol_lint.errors import NetpolLintError

pytest.importorskip("cel")
resource = pytest.importorskip("resource")

_MEASURED = """
import resource, sys
from netpol_lint.custom.evaluating import Evaluator
from netpol_lint.custom.expressions import Expression
from netpol_lint.errors import NetpolLintError
try:
    facts = {"s": "a" * 100_000, "l": list(range(2000))}
    Evaluator(seconds=3.0).answers(Expression(sys.argv[1], "page.md", 5), [facts], str)
except NetpolLintError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A program of its own: what other tests start counts as children too."""


@pytest.fixture
def evaluator() -> Iterator[Evaluator]:
    one = Evaluator()
    yield one
    one.close()


def _when(text: str) -> Expression:
    return Expression(text, "page.md", 5)


def _error(evaluator: Evaluator, text: str, *facts: dict[str, Any]) -> str:
    with pytest.raises(NetpolLintError) as error:
        evaluator.answers(_when(text), facts or ({"p": {"name": "a"}},), lambda index: f"policy {index}")
    return str(error.value)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("open('/etc/passwd') == ''", "Undefined variable or function: 'open'"),
        ("p.__class__ == 1", "there is no key '__class__' (policy 0)"),
        ("__import__('os') == 1", "Undefined variable or function: '__import__'"),
        ("p", "the expression gives dict, not true or false (policy 0)"),
        ("p.name == 1 / 0", "division by zero"),
        ("(((", "line and column 1:4: Syntax error"),
        ("p.name == 'a' &&\n  p.name = 'b'", "line and column 2:10: Syntax error"),
        ("'" + "x" * 600 + "' = 1", "line and column 1:604: Syntax error"),
        ("p.name.matches('((a{1,100}){1,100}){1,100}')", "regex"),
    ],
)
def test_what_is_no_answer_is_an_error_at_the_expression(evaluator: Evaluator, when: str, message: str) -> None:
    error = _error(evaluator, when)
    assert (True, True) == (error.startswith("page.md:5:1: `when`: "), message in error), error


def test_the_object_is_named_that_lacks_a_key(evaluator: Evaluator) -> None:
    facts: tuple[dict[str, Any], ...] = ({"p": {"owner": "a"}}, {"p": {}})
    assert "page.md:5:1: `when`: there is no key 'owner' (policy 1)" == _error(evaluator, "p.owner == 'a'", *facts)


def test_facts_that_share_a_part_are_told_apart(evaluator: Evaluator) -> None:
    first, second = {"name": "a"}, {"name": "b"}
    pairs = [(first, first), (first, second), (second, second), (second, first)]
    facts = tuple({"p": one, "q": other} for one, other in pairs)
    assert (True, False, True, False) == evaluator.answers(_when("p.name == q.name"), facts, str)


def test_an_expression_without_facts_is_compiled_all_the_same(evaluator: Evaluator) -> None:
    with pytest.raises(NetpolLintError, match="Syntax error"):
        evaluator.answers(_when("p.name =="), (), str)


def test_an_expression_that_goes_on_for_ever_is_stopped_and_the_next_is_answered() -> None:
    evaluator = Evaluator(seconds=1.0)
    facts = ({"l": list(range(3000))},)
    error = _error(evaluator, "l.all(a, l.all(b, l.all(c, a + b + c >= 0)))", *facts)
    answers = evaluator.answers(_when("l.size() == 3000"), facts, str)
    evaluator.close()
    assert ("page.md:5:1: `when`: it takes more than 1 seconds", (True,)) == (error, answers)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may have no such limit")
@pytest.mark.parametrize(
    "when",
    [
        "[s]" + ".map(a, a + a + a + a)" * 30 + ".size() == 1",
        "l.map(a, l.map(b, l.map(c, l))).size() == 1",
        "[l]" + ".map(a, a + a + a + a)" * 30 + ".size() == 1",
    ],
)
def test_an_expression_that_takes_all_memory_ends_within_the_bound(when: str) -> None:
    done = subprocess.run([sys.executable, "-c", _MEASURED, when], capture_output=True, text=True, check=True)
    error, _, used = done.stdout.strip().rpartition("\n")
    assert ("memory" in error or "seconds" in error, True) == (True, int(used) < child.MOST_MEMORY // 1024), done.stdout


@pytest.mark.parametrize(
    "when",
    [
        "!" * 1_900 + "true",
        "-" * 1_901 + "1 == 1",
        "true ? " * 120 + "true" + " : false" * 120,
        "p" + ".a" * 900,
        "+".join("1" * 900) + " == 900",
        " || ".join(["p.name == 'b'"] * 100),
    ],
)
def test_what_nests_without_brackets_leaves_the_process_alive(evaluator: Evaluator, when: str) -> None:
    facts = ({"p": {"name": "a"}},)
    evaluator.answers(_when("true"), facts, str)
    [first] = evaluator._children
    with suppress(NetpolLintError):
        evaluator.answers(_when(when), facts, str)
    assert (True,) == evaluator.answers(_when("p.name == 'a'"), facts, str)
    assert [first] == evaluator._children


def test_too_many_facts_are_an_error_before_any_is_evaluated() -> None:
    evaluator = Evaluator(most_data=1 << 20)
    error = _error(evaluator, "s.size() > 0", {"s": "a" * (1 << 20)})
    evaluator.close()
    assert "page.md:5:1: `when`: there are more than 1 MiB of facts about one unit" == error


def test_a_process_that_does_not_start_says_why(tmp_path: Path) -> None:
    program = tmp_path / "child.py"
    program.write_text("import sys\nraise ImportError('undefined symbol: PyInit_cel')\n")
    error = _error(Evaluator(program=program), "true")
    expected = "the process that evaluates custom rules does not start: ImportError: undefined symbol: PyInit_cel"
    assert expected == error


def test_a_process_that_starts_too_slowly_is_stopped(tmp_path: Path) -> None:
    program = tmp_path / "child.py"
    program.write_text("import time\ntime.sleep(600)\n")
    error = _error(Evaluator(seconds=0.5, program=program), "true")
    assert "the process that evaluates custom rules does not start: it takes more than 0.5 seconds" == error


def test_a_process_that_ends_in_between_says_how(tmp_path: Path) -> None:
    program = tmp_path / "child.py"
    program.write_text("import sys\nprint('ready', flush=True)\nsys.stdin.buffer.read(8)\nsys.exit(7)\n")
    error = _error(Evaluator(program=program), "true")
    assert "page.md:5:1: `when`: the process that evaluates it ended with status 7" == error


def test_without_the_library_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "custom rules need the CEL library: pip install 'netpol-lint[custom-rules]'" == _error(Evaluator(), "true")


@pytest.mark.parametrize(
    "refusal", [ValueError("current limit exceeds maximum limit"), OSError(22, "Invalid argument")]
)
def test_a_system_that_refuses_a_limit_goes_on_without(monkeypatch: pytest.MonkeyPatch, refusal: Exception) -> None:
    asked = []

    def refuse(limit: int, values: tuple[int, int]) -> None:
        asked.append(limit)
        raise refusal

    monkeypatch.setattr(resource, "setrlimit", refuse)
    child.bound_memory()
    assert [resource.RLIMIT_AS, resource.RLIMIT_CORE] == asked
