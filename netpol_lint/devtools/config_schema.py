"""The options of the rules in the schema of the config, made from the checks' parameters and the pages' words."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from netpol_lint import catalog
from netpol_lint.catalog import Catalog, Rule
from netpol_lint.config.checking import SCHEMA

_OPTION: Final = re.compile(r"^- `(?P<name>[a-z0-9-]+)`(?: \(default [^)]*\))?: (?P<words>.*(?:\n  .*)*)", re.MULTILINE)
_WIDTH: Final = 110


def run(_: list[str]) -> None:
    """Write netpol_lint/schemas/config.schema.json anew."""
    SCHEMA.write_text(schema_text(catalog.load()), encoding="utf-8")


def schema_text(rules: Catalog) -> str:
    """The schema as shipped, with the options of these rules."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    with_options = [rule for rule in rules.rules if rule.options]
    of_rules = {rule.id: _options(rule) for rule in with_options}
    names = {name: rule.id for rule in with_options for name in (rule.name, *rule.aliases)}
    pointers = {name: {"$ref": f"#/definitions/options/{rule_id}"} for name, rule_id in names.items()}
    schema["properties"]["options"] |= {
        "additionalProperties": {"type": "object"},
        "properties": {rule_id: {"$ref": f"#/definitions/options/{rule_id}"} for rule_id in of_rules} | pointers,
    }
    schema["definitions"]["options"] = of_rules
    return _laid_out(schema, 0) + "\n"


def _options(rule: Rule) -> dict[str, Any]:
    text = rule.page.read_text(encoding="utf-8").partition("\n## Options\n")[2].partition("\n## ")[0]
    words = {found["name"]: " ".join(found["words"].split()) for found in _OPTION.finditer(text)}
    return {
        "type": "object",
        "description": f"{rule.name}: {rule.info.title}",
        "additionalProperties": False,
        "properties": {name: _shape(default, words[name]) for name, default in sorted(rule.options.items())},
    }


def _shape(default: Any, words: str) -> dict[str, Any]:
    match default:
        case bool():
            shape: dict[str, Any] = {"type": "boolean", "default": default}
        case int():
            shape = {"type": "integer", "default": default}
        case str():
            shape = {"type": "string", "default": default}
        case _:
            shape = {"type": "array", "items": _items(default), "default": list(default)}
    return {**shape, "description": words.replace("`", "")}


def _items(default: Any) -> dict[str, str]:
    return {"type": "integer" if default and all(isinstance(item, int) for item in default) else "string"}


def _laid_out(value: Any, level: int) -> str:
    """JSON with one line for what fits on one, as people write it."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(flat) + 2 * level <= _WIDTH or not value:
        return flat
    inner, outer = "  " * (level + 1), "  " * level
    if isinstance(value, list):
        items = [f"{inner}{_laid_out(item, level + 1)}" for item in value]
        return "[\n" + ",\n".join(items) + f"\n{outer}]"
    entries = [f"{inner}{json.dumps(key)}: {_laid_out(item, level + 1)}" for key, item in value.items()]
    return "{\n" + ",\n".join(entries) + f"\n{outer}}}"
