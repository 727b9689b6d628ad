"""Whatever the bytes, a run ends with a report: no traceback, no lost file."""

from __future__ import annotations

import json

import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

from netpol_lint import report as reports
from netpol_lint.config import Settings
from netpol_lint.engine import check_texts
from netpol_lint.findings import Report
from netpol_lint.report import Options
from tests.fuzz.manifests import SEEDS, replaced, spoilt_manifests

_BOX = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def _report(*contents: bytes) -> Report:
    return check_texts({f"{index}.yaml": content for index, content in enumerate(contents)}, Settings())


def _is_sound(report: Report) -> None:
    assert sorted(report.findings, key=lambda f: (f.at.path, f.at.span.line, f.at.span.column, f.rule)) == list(
        report.findings
    )
    for name in reports.formats():
        rendered = reports.render(name, report, Options())
        assert "\x1b" not in rendered
    data = json.loads(reports.render("json", report, Options()))
    assert len(report.findings) == len(data["findings"])
    for finding in report.findings:
        assert finding.at.span.line >= 1
        assert finding.at.span.column >= 1


@_BOX
@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_report(content: bytes) -> None:
    _is_sound(_report(content))


@_BOX
@given(spoilt_manifests(), spoilt_manifests())
def test_spoilt_manifests_end_in_a_report(one: str, other: str) -> None:
    _is_sound(_report(one.encode(), other.encode()))


@_BOX
@given(st.data())
def test_manifests_with_a_part_of_the_wrong_type_end_in_a_report(data: st.DataObject) -> None:
    documents = [d for seed in SEEDS for d in yaml.safe_load_all(seed)]
    spoilt = data.draw(replaced(documents))
    contents = spoilt if isinstance(spoilt, list) else [spoilt]
    _is_sound(_report(yaml.safe_dump_all(contents).encode()))


@_BOX
@given(spoilt_manifests())
def test_a_bad_file_takes_nothing_from_a_good_one(spoilt: str) -> None:
    good = SEEDS[1].encode()
    alone = _report(good)
    beside = _report(good, spoilt.encode())
    assert alone.summary.objects <= beside.summary.objects
