"""The settings of a run as `--show-settings` prints them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from netpol_lint import catalog as catalogs
from netpol_lint.config import Settings


def settings_text(settings: Settings) -> str:
    """JSON: every setting with its value, the config file it came from, and the rules that are on."""
    catalog = catalogs.load(custom=settings.custom_rules)
    rules = {rule.id: rule.info.severity.value for rule in catalog.selected(settings)}
    return json.dumps({**_plain(settings), "rules": rules}, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name.replace("_", "-"): _plain(item) for name, item in value._asdict().items()}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [_plain(item) for item in value]
    return value
