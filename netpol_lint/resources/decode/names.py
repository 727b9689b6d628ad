"""The grammars of names, label keys, label values and port names (apimachinery pkg/util/validation).

Each function gives why a text is wrong as one clause, or "" where it is right.
"""

from __future__ import annotations

import re
from typing import Final

_DNS_LABEL: Final = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_is_dns_label: Final = re.compile(_DNS_LABEL).fullmatch
_is_subdomain: Final = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*").fullmatch
_is_qualified: Final = re.compile("(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]").fullmatch
_is_port_charset: Final = re.compile("[-a-z0-9]+").fullmatch
_ALPHANUMERIC: Final = "letters, digits, '-', '_' and '.', beginning and ending with a letter or digit"


def dns_subdomain_error(name: str) -> str:
    """Why a name is no DNS-1123 subdomain (IsDNS1123Subdomain), as most objects are named."""
    if len(name.encode("utf-8", "surrogatepass")) > 253:
        return f"must be no more than 253 characters, got {len(name)}"
    if not _is_subdomain(name):
        return (
            "must be lower-case letters, digits, '-' and '.', "
            f"each part beginning and ending with a letter or digit, got {show(name)}"
        )
    return ""


def generate_name_error(prefix: str) -> str:
    """Why a `generateName` is wrong: a name, except that it may end in '-' (NameIsDNSSubdomain with prefix)."""
    return dns_subdomain_error(prefix[:-1] + "a" if len(prefix) > 1 and prefix.endswith("-") else prefix)


def dns_label_error(name: str) -> str:
    """Why a name is no DNS-1123 label (IsDNS1123Label), as namespaces are named."""
    if len(name.encode("utf-8", "surrogatepass")) > 63:
        return f"must be no more than 63 characters, got {len(name)}"
    if not _is_dns_label(name):
        return (
            f"must be lower-case letters, digits and '-', beginning and ending with a letter or digit, got {show(name)}"
        )
    return ""


def label_key_error(key: str) -> str:
    """Why a text is no label key (IsQualifiedName): an optional DNS prefix and '/', then at most 63 characters."""
    prefix, slash, name = key.rpartition("/")
    if slash:
        if not prefix:
            return f"label key {show(key)} has an empty prefix before '/'"
        if "/" in prefix:
            return f"label key {show(key)} has more than one '/'"
        wrong = dns_subdomain_error(prefix)
        if wrong:
            return f"the prefix of a label key {wrong}"
    if not name:
        return f"label key {show(key)} has no name" if key else "a label key must not be empty"
    if len(name) > 63:
        return f"the name of a label key must be no more than 63 characters, got {len(name)}"
    if not _is_qualified(name):
        return f"label key {show(key)} must be {_ALPHANUMERIC}"
    return ""


def label_value_error(value: str) -> str:
    """Why a text is no label value (IsValidLabelValue)."""
    if not value:
        return ""
    if len(value) > 63:
        return f"a label value must be no more than 63 characters, got {len(value)}"
    if not _is_qualified(value):
        return f"label value {show(value)} must be empty, or {_ALPHANUMERIC}"
    return ""


def port_name_error(name: str) -> str:
    """Why a text is no port name (IsValidPortName)."""
    if name.isascii() and name.isdigit():
        return f"{show(name)} in quotes is a port name, and a port name needs a letter: write the number without quotes"
    if not name:
        return "a port name must not be empty"
    if len(name) > 15:
        return f"port name {show(name)} must be no more than 15 characters, got {len(name)}"
    if not _is_port_charset(name):
        return f"port name {show(name)} must be lower-case letters, digits and '-'"
    if not re.search("[a-z]", name):
        first, dash, last = name.partition("-")
        if dash and first.isdigit() and last.isdigit():
            return (
                f"{show(name)} is a port name without a letter: a range is written `port: {first}`, `endPort: {last}`"
            )
        return f"port name {show(name)} must have a letter"
    if "--" in name:
        return f"port name {show(name)} must not have '--'"
    if name.startswith("-") or name.endswith("-"):
        return f"port name {show(name)} must not begin or end with '-'"
    return ""


def show(text: str) -> str:
    """A text in quotes, shortened where it would not fit on a line."""
    return f'"{text}"' if len(text) <= 80 else f'"{text[:77]}..."'
