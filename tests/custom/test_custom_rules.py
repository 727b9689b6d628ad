"""The user's own rules, and what a hostile one cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netpol_lint.config import Settings
from netpol_lint.custom.evaluating import Evaluator
from netpol_lint.custom.expressions import Expression
from netpol_lint.engine import check_texts
from netpol_lint.engine.trying import trials
from netpol_lint.errors import NetpolLintError

pytest.importorskip("cel")
EXAMPLES = Path(__file__).parents[2] / "examples" / "custom-rules"
POLICY = b"""apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector: {}
"""


def _when(text: str) -> Expression:
    return Expression(text, "page.md", 5)


@pytest.fixture
def evaluator() -> Iterator[Evaluator]:
    one = Evaluator(seconds=1.0)
    yield one
    one.close()


def test_the_shipped_rules_pass_their_examples() -> None:
    failed = [trial for trial in trials((str(EXAMPLES),)) if trial.mistakes]
    assert [] == failed


def test_a_custom_rule_finds_like_any_other() -> None:
    settings = Settings(custom_rules=(str(EXAMPLES),), select=("ACME001",))
    found = check_texts({"a.yaml": POLICY}, settings).findings
    assert [("ACME001", 4, True)] == [(f.rule, f.at.span.line, bool(f.fingerprint)) for f in found]


def test_a_comment_suppresses_a_custom_rule() -> None:
    text = POLICY.replace(b"api\n", b"api # netpol-lint: ignore[ACME001] ours\n")
    settings = Settings(custom_rules=(str(EXAMPLES),), select=("ACME001",))
    report = check_texts({"a.yaml": text}, settings)
    assert ((), 1) == (report.findings, len(report.suppressed))


@pytest.mark.parametrize("when", ["open('/etc/passwd') == ''", "p.__class__ == 1", "__import__('os') == 1", "p", "((("])
def test_what_is_no_answer_is_an_error(evaluator: Evaluator, when: str) -> None:
    with pytest.raises(NetpolLintError, match=r"page\.md"):
        evaluator.answers(_when(when), [{"p": {"name": "a"}}], str)


def test_an_expression_that_goes_on_for_ever_is_stopped_and_the_next_is_answered(evaluator: Evaluator) -> None:
    numbers = [{"l": list(range(3000))}]
    with pytest.raises(NetpolLintError, match="more than 1 seconds"):
        evaluator.answers(_when("l.all(a, l.all(b, l.all(c, a + b + c >= 0)))"), numbers, str)
    assert (True,) == evaluator.answers(_when("l.size() == 3000"), numbers, str)


def test_a_page_that_links_out_of_its_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.md").symlink_to(EXAMPLES / "policy-without-owner.md")
    with pytest.raises(NetpolLintError, match="leads out of its directory"):
        check_texts({}, Settings(custom_rules=(str(tmp_path / "rules"),)))


def test_a_message_reaches_no_attributes(tmp_path: Path) -> None:
    page = (EXAMPLES / "policy-without-owner.md").read_text().replace("{policy.name}", "{policy.__class__}")
    (tmp_path / "a.md").write_text(page)
    with pytest.raises(NetpolLintError, match="there is no fact"):
        check_texts({"a.yaml": POLICY}, Settings(custom_rules=(str(tmp_path),)))
