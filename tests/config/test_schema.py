"""The schema of the config is whole, valid, and as the rules make it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from netpol_lint.config import Assumptions
from netpol_lint.config.checking import SCHEMA
from netpol_lint.devtools.config_schema import schema_text
from netpol_lint.source.limits import Limits
from tests.running import CATALOG

SCHEMA_DATA: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA_DATA)
    assert "http://json-schema.org/draft-07/schema#" == SCHEMA_DATA["$schema"]


def test_the_shipped_schema_knows_the_options_of_the_rules() -> None:
    """`python -m netpol_lint.devtools config-schema` writes it."""
    assert schema_text(CATALOG) == SCHEMA.read_text(encoding="utf-8")


def test_the_schema_knows_the_limits_and_the_assumptions() -> None:
    properties = SCHEMA_DATA["properties"]
    assumptions = {name.replace("_", "-") for name in Assumptions._fields}
    assert (set(Limits._fields), assumptions) == (
        set(properties["limits"]["properties"]),
        set(properties["assume"]["properties"]),
    )


def test_every_setting_says_what_it_does() -> None:
    assert [] == [name for name, value in SCHEMA_DATA["properties"].items() if not value.get("description")]
