"""The user's own rules: their pages, what they find and where it points."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint.catalog.pages import read_page
from netpol_lint.cluster.units import Unit
from netpol_lint.config import Settings
from netpol_lint.custom import definition_of, pages
from netpol_lint.custom.facts import KINDS
from netpol_lint.engine import check_texts
from netpol_lint.engine.trying import trials
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Finding
from netpol_lint.render.jobs import Job
from tests.custom.pages import EXAMPLES, POD, POLICY, page, rules_in

pytest.importorskip("cel")


def _found(directory: str, texts: dict[str, str]) -> list[Finding]:
    settings = Settings(custom_rules=(directory,), select=("ACME",))
    return list(check_texts({path: text.encode() for path, text in texts.items()}, settings).findings)


def _error(directory: str, texts: dict[str, str]) -> str:
    with pytest.raises(NetpolLintError) as error:
        _found(directory, texts)
    return str(error.value).removeprefix(f"{directory}/")


# -- the shipped ones -----------------------------------------------------------------------------------------------


def test_the_shipped_rules_pass_their_examples() -> None:
    failed = [trial for trial in trials((str(EXAMPLES),)) if trial.mistakes]
    assert [] == failed


def test_the_ten_shipped_rules_are_for_everything_that_a_rule_can_be_for() -> None:
    shipped = [definition_of(rule) for rule in pages((str(EXAMPLES),))]
    assert (10, set(KINDS)) == (len(shipped), {definition.what for definition in shipped})


@pytest.mark.parametrize("rule", sorted(EXAMPLES.glob("*.md")), ids=lambda rule: rule.stem)
def test_a_shipped_rule_shows_what_is_bad_and_more_than_one_thing_that_is_not(rule: Path) -> None:
    sections = [example.section for example in read_page(rule).examples]
    assert (True, True) == (sections.count("Bad") >= 2, sections.count("Good") >= 2)


# -- findings -------------------------------------------------------------------------------------------------------


def test_a_custom_rule_finds_like_any_other(tmp_path: Path) -> None:
    rules = rules_in(tmp_path, page("policy.name == 'api'"))
    found = _found(rules, {"a.yaml": POLICY})
    assert [("ACME001", "rule-1", 4, True)] == [(f.rule, f.name, f.at.span.line, bool(f.fingerprint)) for f in found]


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ({"b.yaml": POD, "a.yaml": POLICY}, ("a.yaml", 4)),
        ({"kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": POD}, ("kustomization.yaml", 1)),
    ],
    ids=["plain", "kustomization"],
)
def test_a_finding_about_a_unit_is_where_its_deployment_is_said(
    tmp_path: Path, texts: dict[str, str], place: tuple[str, int]
) -> None:
    rules = rules_in(tmp_path, page("unit.workloads.size() > 0", what="unit"))
    assert [place] == [(f.at.path, f.at.span.line) for f in _found(rules, texts)]


@pytest.mark.parametrize(
    ("root", "sources", "entry"),
    [
        ("app", ("app/Chart.yaml", "app/values.yaml"), "app/Chart.yaml"),
        (".", ("Chart.yaml", "charts/db/Chart.yaml"), "Chart.yaml"),
        ("app", ("app/kustomization.yml", "base/kustomization.yaml"), "app/kustomization.yml"),
        ("app", ("base/web.yaml",), ""),
    ],
)
def test_a_unit_begins_with_the_file_that_its_renderer_is_given(
    root: str, sources: tuple[str, ...], entry: str
) -> None:
    assert entry == Unit("app", (), "", sources=frozenset(sources), jobs=(Job("helm", root, "app"),)).entry


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("peer.pods.size() == 1", 1),
        ("peer['pods'].size() == 1", 1),
        ("rule.peers.exists(p, p.pods.exists(w, w.name == 'web'))", 1),
        ("policy.selects.size() == 1 && peer.kind == 'pods'", 1),
        ("policy.labels.pods == 'x' && policy.podSelector.matchLabels.workloads == 'w'", 1),
        ("peer['po' + 'ds'].size() == 1", 0),
    ],
)
def test_lists_of_pods_are_there_for_who_names_them(tmp_path: Path, when: str, expected: int) -> None:
    policy = POLICY.replace("podSelector: {}", "podSelector: {matchLabels: {workloads: w}}").replace(
        "name: api", "name: api\n  labels: {pods: x, selects: z}"
    )
    pod = POD.replace("app: web", "workloads: w")
    texts = {"a.yaml": f"{policy}  ingress: [{{from: [{{podSelector: {{}}}}]}}]\n---\n{pod}"}
    assert expected == len(_found(rules_in(tmp_path, page(when, what="peer")), texts))


def test_peers_of_the_same_words_mean_the_pods_of_their_own_namespace(tmp_path: Path) -> None:
    allowed = POLICY + "  ingress: [{from: [{podSelector: {}}, {podSelector: {}}]}]\n"
    elsewhere = allowed.replace("namespace: shop", "namespace: other")
    texts = {"a.yaml": f"{allowed}---\n{elsewhere}---\n{POD}"}
    message = "{policy.namespace}"
    rules = rules_in(
        tmp_path,
        page("peer.pods.size() == 1", what="peer", message=message),
        page("peer.pods.size() == 0 && policy.name == 'api'", what="peer", message=message, rule="ACME002"),
    )
    found = [(finding.rule, finding.message) for finding in _found(rules, texts)]
    assert [("ACME001", "shop")] * 2 + [("ACME002", "other")] * 2 == found


def test_a_unit_without_objects_is_none(tmp_path: Path) -> None:
    assert [] == _found(rules_in(tmp_path, page("true", what="unit")), {"a.yaml": "a: 1\n"})


# -- messages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{policy.namespace}/{policy.name}", "shop/api"),
        ("{policy.types}", "Ingress"),
        ("{policy.labels.app.kubernetes.io/name}", "web"),
        ("{policy.labels.plain}", "x"),
        ("{policy.annotations.long}", "a" * 200 + "…"),
    ],
)
def test_a_message_has_the_facts_that_it_names(tmp_path: Path, message: str, expected: str) -> None:
    labels = f"labels: {{app.kubernetes.io/name: web, plain: x}}\n  annotations: {{long: {'a' * 300}}}\n  name: api"
    text = POLICY.replace("name: api", labels)
    found = _found(rules_in(tmp_path, page("true", message=message)), {"a.yaml": text})
    assert [expected] == [finding.message for finding in found]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("{policy.__class__}", "`message`: there is no fact 'policy.__class__'"),
        ("{policy.naem}", "`message`: there is no fact 'policy.naem'"),
        ("{rule.direction}", "`message`: there is no fact 'rule.direction'"),
        ("{policy.labels}", "`message`: 'policy.labels' is no text, number or list of these"),
        ("{policy.selects}", "`message`: 'policy.selects' is no text, number or list of these"),
    ],
)
def test_a_message_names_facts_that_are_texts(tmp_path: Path, message: str, error: str) -> None:
    rules = rules_in(tmp_path, page("true", message=message))
    assert f"rule-1.md: {error}" == _error(rules, {"a.yaml": f"{POLICY}---\n{POD}"})


# -- pages ----------------------------------------------------------------------------------------------------------


def test_a_page_that_links_out_of_its_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.md").symlink_to(EXAMPLES / "policy-without-owner.md")
    assert "a.md: the page is a link that leads out of its directory" == _error(str(tmp_path / "rules"), {})


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (page("true").replace("message: ", "massage: "), "rule-1.md:1:1: a custom rule needs `message`, a text"),
        (page("true").replace("when: 'true'", "when: true"), "rule-1.md:5:1: a custom rule needs `when`, a text"),
        (page("true", what="pod"), "rule-1.md:4:1: `for` must be one of workload, policy, rule, peer, port, namespace"),
        (page("a" * 2001), "rule-1.md:5:1: `when`: the expression has 2,001 characters, more than 2,000"),
        (page("policy.name ="), "rule-1.md:5:1: `when`: line and column 1:"),
        (page("policies.size() == 0"), "rule-1.md:5:1: `when`: Undefined variable or function: 'policies'"),
        (page("policy.owner == ''"), "rule-1.md:5:1: `when`: there is no key 'owner' (NetworkPolicy shop/api)"),
        (page("policy.name"), "rule-1.md:5:1: `when`: the expression gives str, not true or false"),
        (page("true", rule="NP001"), "rule-1.md: 'NP001' is no id of a custom rule"),
        (page("true").replace("warning", "grave"), "rule-1.md: `severity` must be error, warning or note, not 'grave'"),
    ],
)
def test_a_page_that_is_no_rule_is_an_error_at_its_place(tmp_path: Path, text: str, error: str) -> None:
    said = _error(rules_in(tmp_path, text), {"a.yaml": POLICY})
    assert error == said[: len(error)]


def test_a_wrong_expression_is_an_error_where_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    said = _error(rules_in(tmp_path, page("service.name ==", what="service")), {"a.yaml": POLICY})
    assert "rule-1.md:5:1: `when`: line and column 1:16" == said.partition(": Syntax")[0]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("all", "'all' stands for several rules: give the file another name"),
        ("np2", "'np2' stands for several rules: give the file another name"),
        ("acme", "'acme' stands for several rules: give the file another name"),
        ("np203", "there is another rule 'np203'"),
        ("missing-default-deny", "there is another rule 'missing-default-deny'"),
        ("Rule", "the file name is the rule's name: words of small letters and digits, joined by hyphens"),
        ("a b", "the file name is the rule's name: words of small letters and digits, joined by hyphens"),
    ],
)
def test_a_name_takes_nothing_away_from_other_rules(tmp_path: Path, name: str, error: str) -> None:
    (tmp_path / f"{name}.md").write_text(page("true"), encoding="utf-8")
    assert f"{name}.md: {error}" == _error(str(tmp_path), {})


def test_a_page_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"---\nid: \xff\n")
    assert "a.md: the page is not UTF-8" == _error(str(tmp_path), {})


def test_text_that_cannot_be_is_no_matter_of_a_rule(tmp_path: Path) -> None:
    """A lone surrogate is no character, which JSON can write all the same."""
    meta = '{"name": "api", "annotations": {"a": "\\ud800", "b": "\\u0000"}}'
    kind = '"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"'
    text = f'{{{kind}, "metadata": {meta}, "spec": {{"podSelector": {{}}}}}}'
    rules = rules_in(tmp_path, page("policy.annotations.exists(key, policy.annotations[key].size() == 1)"))
    assert 1 == len(_found(rules, {"a.json": text}))


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    said = _error(rules_in(tmp_path, page("true"), page("false")), {})
    assert "rule-2.md: there is another rule 'ACME001'" == said


# -- examples -------------------------------------------------------------------------------------------------------


def _mistakes(directory: Path, examples: str) -> list[str]:
    rules = rules_in(directory, page("policy.name == 'api'") + "\n" + examples)
    return [mistake for trial in trials((rules,)) for mistake in trial.mistakes]


def _block(text: str) -> str:
    return f"```yaml\n{text}```\n\n"


_BAD = "## Bad\n\n" + _block(POLICY.replace("name: api", "name: api # <- found"))


@pytest.mark.parametrize(
    ("good", "mistakes"),
    [
        (POLICY.replace("name: api", "name: web"), []),
        (POLICY, ["line 4 of manifest.yaml: 1 problems where none is expected"]),
        (POLICY.replace(": api", ": web # <- found"), ["line 4 of manifest.yaml: 0 problems instead of one"]),
        (POLICY.replace(": api", ": api # <- lost"), ["line 4 of manifest.yaml: 'found' does not say 'lost'"]),
        ("kind: NetworkPolicy\nspec: {a: [}\n", ["line 2 of manifest.yaml is not YAML that can be read"]),
    ],
)
def test_an_example_says_what_it_expects(tmp_path: Path, good: str, mistakes: list[str]) -> None:
    assert mistakes == _mistakes(tmp_path, f"{_BAD}## Good\n\n{_block(good)}")


def test_a_page_without_a_bad_example_is_no_rule(tmp_path: Path) -> None:
    with pytest.raises(NetpolLintError, match="the page has no bad example"):
        _mistakes(tmp_path, "## Good\n\n" + _block(POLICY))
