"""The JSON formats against the schema that is shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft7Validator

import netpol_lint
from netpol_lint import report as reports
from netpol_lint.findings import Report
from tests.report.making import CLEAN, EMPTY, HOSTILE, SAMPLE
from tests.report.test_any_text import PATIENT, any_report

SCHEMA = json.loads((Path(netpol_lint.__file__).parent / "schemas/report.schema.json").read_text(encoding="utf-8"))
REPORTS = pytest.mark.parametrize("made", [SAMPLE, CLEAN, EMPTY, HOSTILE], ids=["sample", "clean", "empty", "hostile"])
OPTIONS = [reports.Options(), reports.Options(show_suppressed=True)]


def errors(data: Any, schema: Any = SCHEMA) -> list[str]:
    return [error.message for error in Draft7Validator(schema).iter_errors(data)]


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert "http://json-schema.org/draft-07/schema#" == SCHEMA["$schema"]


@REPORTS
@pytest.mark.parametrize("options", OPTIONS, ids=["default", "all"])
def test_json_fits_the_schema(made: Report, options: reports.Options) -> None:
    assert [] == errors(json.loads(reports.render("json", made, options)))


@REPORTS
def test_each_line_fits_the_schema(made: Report) -> None:
    finding = {"$ref": "#/definitions/finding", "definitions": SCHEMA["definitions"]}
    lines = reports.render("json-lines", made, reports.Options()).splitlines()
    assert [] == [error for line in lines for error in errors(json.loads(line), finding)]


@PATIENT
@given(made=any_report())
def test_any_report_fits_the_schema(made: Report) -> None:
    assert [] == errors(json.loads(reports.render("json", made, OPTIONS[1])))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"more": 1},
        {"findings": [{}]},
        {"suppressed": [json.loads(reports.render("json", SAMPLE, OPTIONS[0]))["findings"][0]]},
        {"notifications": [{"level": "error", "message": "m", "location": {}}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_report_does_not_fit(change: dict[str, Any]) -> None:
    data = json.loads(reports.render("json", SAMPLE, OPTIONS[0]))
    assert [] != errors({**data, **change})


def test_json_lines_are_the_findings_of_json() -> None:
    lines = reports.render("json-lines", SAMPLE, OPTIONS[0]).splitlines()
    assert json.loads(reports.render("json", SAMPLE, OPTIONS[0]))["findings"] == [json.loads(line) for line in lines]
