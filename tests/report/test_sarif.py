"""SARIF: its schema, GitHub's rules that no schema says, and Microsoft's validator where it is installed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema.validators import validator_for

from netpol_lint import report as reports
from netpol_lint.findings import Related, Report, RuleInfo, Severity, SuppressedFinding, Suppression
from tests.report.making import CLEAN, EMPTY, HOSTILE, MISSPELT, RULES, SAMPLE, SUPPRESSED, at, finding, many, report
from tests.report.test_any_text import PATIENT, any_report

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
MULTITOOL = Path(__file__).parents[2] / ".tools/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
ALL = reports.Options(show_suppressed=True, sarif_category="npl")
HERE = at("shop/policy.yaml", 9, 12, 18)


def log(made: Report, options: reports.Options = reports.Options()) -> dict[str, Any]:  # noqa: B008 - frozen
    data: dict[str, Any] = json.loads(reports.render("sarif", made, options))
    return data


def run(made: Report, options: reports.Options = reports.Options()) -> dict[str, Any]:  # noqa: B008 - frozen
    only: dict[str, Any]
    (only,) = log(made, options)["runs"]
    return only


def result(*findings: Any) -> dict[str, Any]:
    only: dict[str, Any]
    (only,) = run(report(findings))["results"]
    return only


def errors(data: Any) -> list[str]:
    return [error.message for error in validator_for(SCHEMA)(SCHEMA).iter_errors(data)]


@pytest.mark.parametrize("made", [SAMPLE, CLEAN, EMPTY, HOSTILE], ids=["sample", "clean", "empty", "hostile"])
@pytest.mark.parametrize("options", [reports.Options(), ALL], ids=["default", "all"])
def test_output_fits_the_schema(made: Report, options: reports.Options) -> None:
    assert [] == errors(log(made, options))


@PATIENT
@given(made=any_report())
def test_any_output_fits_the_schema(made: Report) -> None:
    assert [] == errors(log(made, ALL))


@pytest.mark.skipif(not MULTITOOL.exists(), reason="npm install --prefix .tools @microsoft/sarif-multitool")
@pytest.mark.parametrize("made", [SAMPLE, CLEAN, HOSTILE], ids=["sample", "clean", "hostile"])
def test_microsofts_validator_has_no_objection(made: Report, tmp_path: Path) -> None:
    (tmp_path / "in.sarif").write_text(reports.render("sarif", made, ALL), encoding="utf-8")
    options = "--rule-kind Sarif;Ghas --level Error;Warning --output out.sarif --log ForceOverwrite -q".split()
    subprocess.run([MULTITOOL, "validate", "in.sarif", *options], cwd=tmp_path, check=True, capture_output=True)
    (checked,) = json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8-sig"))["runs"]
    assert [] == checked["results"]


def test_every_enabled_rule_is_described_once_with_all_that_github_asks_for() -> None:
    rules = run(CLEAN)["tool"]["driver"]["rules"]
    asked = {"id", "name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration"}
    assert [(rule.id, True) for rule in RULES] == [(rule["id"], asked <= rule.keys()) for rule in rules]


def test_security_rules_have_a_number_as_text_and_others_a_problem_severity() -> None:
    found = {}
    for rule in run(CLEAN)["tool"]["driver"]["rules"]:
        properties = rule["properties"]
        found[rule["id"]] = properties.get("security-severity"), properties.get("problem.severity")
    expected = {
        "NP001": ("8.0", None),
        "NP103": ("8.0", None),
        "NP201": ("6.0", None),
        "NP203": ("6.0", None),
        "NP204": ("2.5", None),
        "NP903": (None, "recommendation"),
    }
    assert expected == found


def test_security_severity_stays_on_the_shelf_of_its_severity() -> None:
    shelves = {Severity.ERROR: (7.0, 8.9), Severity.WARNING: (4.0, 6.9), Severity.NOTE: (0.1, 3.9)}
    categories = "manifest selectors isolation exposure ports dependencies redundancy enforcement suppressions own"
    rules = [RuleInfo("NP1", "x", level, "X", name) for level in Severity for name in categories.split()]
    described = run(CLEAN._replace(rules=tuple(rules)))["tool"]["driver"]["rules"]
    off = []
    for rule, info in zip(described, rules, strict=True):
        properties = rule["properties"]
        secure = "security" in properties["tags"]
        low, high = shelves[info.severity]
        fits = low <= float(properties.get("security-severity", -1)) <= high
        if secure != fits or secure == ("problem.severity" in properties) or len(properties["tags"]) > 10:
            off.append((info, properties))
    assert [] == off


def test_descriptions_keep_to_githubs_length() -> None:
    long = CLEAN._replace(rules=(RULES[0]._replace(title="x" * 2000),), rule_help=lambda _: "y " * 2000)
    (rule,) = run(long)["tool"]["driver"]["rules"]
    assert (1024, 1024) == (len(rule["shortDescription"]["text"]), len(rule["fullDescription"]["text"]))


def test_the_first_paragraph_of_the_page_is_the_description() -> None:
    rule = run(CLEAN)["tool"]["driver"]["rules"][2]
    expected = "A policy selects pods by their labels. A pod that no policy selects accepts traffic from everywhere."
    assert (expected, True) == (rule["fullDescription"]["text"], "```yaml" in rule["help"]["markdown"])


def test_every_result_says_its_level_and_rule() -> None:
    found = [(r["ruleId"], r["ruleIndex"], r["level"]) for r in run(SAMPLE)["results"]]
    expected = [
        ("NP001", 0, "error"),
        ("NP103", 1, "error"),
        ("NP201", 2, "warning"),
        ("NP203", 3, "warning"),
        ("NP204", 4, "note"),
    ]
    assert expected == found


def test_a_result_has_githubs_fingerprint_and_ours() -> None:
    # The first as Microsoft's multitool computes it.
    expected = {"primaryLocationLineHash": "ae3a99389b9748ff:1", "netpolLint/v1": MISSPELT.fingerprint}
    assert expected == result(MISSPELT)["partialFingerprints"]


def test_githubs_fingerprint_is_of_the_text_as_it_is_on_disk() -> None:
    made = report([MISSPELT])._replace(source_text=lambda _: "masked\n" * 20)
    assert result(MISSPELT)["partialFingerprints"] == run(made)["results"][0]["partialFingerprints"]


def test_without_the_text_githubs_fingerprint_is_left_to_github() -> None:
    made = report([MISSPELT])._replace(raw_text=lambda _: "")
    assert ["netpolLint/v1"] == list(run(made)["results"][0]["partialFingerprints"])


def test_what_a_rule_finds_on_one_line_is_one_result() -> None:
    second = finding("NP103", "key misspelt", at("shop/policy.yaml", 9, 7, 10))
    other_rule = finding("NP201", "open", HERE)
    results = run(report([second, MISSPELT, other_rule]))["results"]
    expected = (
        "key misspelt. See [the label of Deployment backend](1). On the same line: [policy shop/backend selects no pod:"
        " no pod in namespace shop has app=bakend; Deployment backend has app=backend](2)."
    )
    assert (2, expected) == (len(results), results[0]["message"]["text"])


def test_related_places_are_numbered_as_the_message_links_them() -> None:
    twice = Related("the label", at("shop/deployments.yaml", 7, 30, 37))
    other = Related("the policy", at("shop/policy.yaml", 4, 9, 16))
    made = result(finding("NP103", "m", HERE, related=(twice, other, twice)))
    places = [(place["id"], place["message"]["text"]) for place in made["relatedLocations"]]
    assert ("m. See [the label](1); [the policy](2).", [(1, "the label"), (2, "the policy")]) == (
        made["message"]["text"],
        places,
    )


@PATIENT
@given(made=any_report())
def test_every_link_of_a_message_leads_to_a_related_place(made: Report) -> None:
    broken = []
    for one in run(made, ALL)["results"]:
        ids = [place["id"] for place in one.get("relatedLocations", [])]
        bare = re.sub(r"\\.", "", one["message"]["text"])  # without what is escaped
        linked = [int(number) for number in re.findall(r"\]\((\d+)\)", bare)]
        if ids != linked:
            broken.append(one)
    assert [] == broken


def test_a_region_is_one_line() -> None:
    region = result(finding("NP103", "m", at("shop/policy.yaml", 7, 3, 1, end_line=10)))["locations"][0]
    expected = {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 15}
    assert expected == region["physicalLocation"]["region"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü#?%.yaml", "a%20b/%C3%BC%23%3F%25.yaml"),
        ("c:/x.yaml", "c%3A/x.yaml"),
        ("bad\udcff.yaml", "bad%FF.yaml"),
        ("-", "-"),
    ],
)
def test_paths_are_percent_encoded_and_relative_to_the_root(path: str, uri: str) -> None:
    place = result(finding("NP103", "m", at(path, 1, 1, 2)))["locations"][0]
    assert {"uri": uri, "uriBaseId": "%SRCROOT%"} == place["physicalLocation"]["artifactLocation"]


def test_no_path_of_the_machine_is_in_it() -> None:
    assert {"%SRCROOT%": {"description": {"text": "The working directory."}}} == run(SAMPLE)["originalUriBaseIds"]


def test_a_fix_has_its_replacement() -> None:
    (fix,) = result(MISSPELT)["fixes"]
    (change,) = fix["artifactChanges"]
    region = {"startLine": 9, "startColumn": 12, "endLine": 9, "endColumn": 18}
    assert [{"deletedRegion": region, "insertedContent": {"text": "backend"}}] == change["replacements"]


def test_suppressed_findings_are_left_out_unless_wanted() -> None:
    with_them = run(SAMPLE, ALL)["results"]
    suppressions = [one["suppressions"] for one in with_them if "suppressions" in one]
    status = [(s["kind"], s["status"], s["justification"]) for (s,) in suppressions]
    expected = (5, 6, [("inSource", "accepted", "egress is the mesh's matter")])
    assert expected == (len(run(SAMPLE)["results"]), len(with_them), status)


def test_a_suppressed_finding_does_not_hide_a_reported_one() -> None:
    hidden = SuppressedFinding(MISSPELT, Suppression("baseline", "", SUPPRESSED.by.at))
    results = run(report([MISSPELT], suppressed=[hidden]), ALL)["results"]
    assert [False] == ["suppressions" in one for one in results]


def test_the_category_is_written_only_if_given() -> None:
    assert (None, {"id": "npl/"}) == (run(CLEAN).get("automationDetails"), run(CLEAN, ALL)["automationDetails"])


def test_no_findings_are_an_empty_list() -> None:
    assert [] == run(EMPTY)["results"]


def test_the_gravest_5000_results_are_kept_and_the_others_counted() -> None:
    made = run(many(5300))
    levels = [one["level"] for one in made["results"]]
    said = [note["message"]["text"] for note in made["invocations"][0]["toolExecutionNotifications"]]
    expected = {"error": 1325, "warning": 2650, "note": 1025}
    assert (expected, ["300 results left out, the least grave: no more are shown."]) == (
        {level: levels.count(level) for level in ("error", "warning", "note")},
        said,
    )


def test_notifications_say_where() -> None:
    (invocation,) = run(SAMPLE)["invocations"]
    notes = [(note["level"], "locations" in note) for note in invocation["toolExecutionNotifications"]]
    assert (True, [("warning", True), ("note", False)]) == (invocation["executionSuccessful"], notes)
