"""The value kubectl gives a YAML scalar: the rules of go-yaml v2, then of the JSON it is turned into.

sigs.k8s.io/yaml decodes YAML with go-yaml v2 and prints JSON, which is what the API server reads. So `yes` is true,
`0777` is 511, `22:22` and `2001-01-01` are strings, and `8080.0` is the integer 8080, as Go prints whole floats so.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

Value: TypeAlias = str | int | float | bool | None

_PREFIX: Final = "tag:yaml.org,2002:"
STR: Final = _PREFIX + "str"
_BINARY: Final = _PREFIX + "binary"
_NULL_TAG: Final = _PREFIX + "null"
_FLOAT_TAG: Final = _PREFIX + "float"
_TIMESTAMP_TAG: Final = _PREFIX + "timestamp"
MERGE: Final = _PREFIX + "merge"
_RESOLVABLE: Final = frozenset(_PREFIX + name for name in ("str", "bool", "int", "float", "null", "timestamp"))

_WORDS: Final[dict[str, Value]] = {
    **dict.fromkeys("y Y yes Yes YES true True TRUE on On ON".split(), True),
    **dict.fromkeys("n N no No NO false False FALSE off Off OFF".split(), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_HINTS: Final = frozenset("0123456789+-.")
_INT: Final = re.compile(r"([-+]?)(?:(0[0-7]*)|([1-9][0-9]*)|0[oO]([0-7]+)|0[xX]([0-9a-fA-F]+)|0[bB]([01]+))")
_BASES: Final = (8, 10, 8, 16, 2)
_SIGNED_BINARY: Final = re.compile(r"0b([-+][01]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOT_FLOAT: Final = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_TIMESTAMP: Final = re.compile(
    r"[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_LARGEST: Final = 2**64
_LARGEST_INT: Final = 2**63
_WHOLE: Final = 1e21  # from here on Go prints a float with an exponent
_LONGEST_NUMBER: Final = 400  # characters; longer ones are beyond a float's range or precision
_LEAST_POSITIVE_EXPONENT: Final = 6
_MOST_NEGATIVE_EXPONENT: Final = -4


def resolve(text: str, tag: Any, *, plain: bool) -> Value:
    """What `text` means; `tag` is the explicit tag (a string), or what the parser leaves for an untagged node.

    Where kubectl refuses the scalar (`!!int x`, `.inf`) some value still comes back: `scalar_problem` says so.
    """
    if type(tag) is str:
        return _json(_tagged(text, tag))
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _HINTS:
        return text
    return _json(_number(text))


def key_text(raw: Any) -> str:
    """A mapping key as JSON spells it: `y` is "true", `0777` is "511", `1.50` is "1.5"."""
    if raw.id != "scalar":
        return ""
    text: str = raw.value
    tag = raw.tag
    if type(tag) is str:
        value = _tagged(text, tag)
    elif raw.style or not text or (text not in _WORDS and text[0] not in _HINTS):
        return text
    else:
        value = _WORDS[text] if text in _WORDS else _number(text)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return _float_key(value) if isinstance(value, float) else str(value)


def is_merge(raw: Any) -> bool:
    """Whether a key is `<<`, plain or tagged `!!merge`."""
    if raw.value != "<<" or raw.id != "scalar":
        return False
    return bool(raw.tag == MERGE) if type(raw.tag) is str else not raw.style


def scalar_problem(text: str, tag: Any, *, plain: bool) -> str:
    """Why kubectl refuses a scalar value, "" if it does not."""
    if type(tag) is str:
        problem = _tag_problem(text, tag)
        if problem:
            return problem
        value = _tagged(text, tag)
    elif plain and text in _WORDS:
        value = _WORDS[text]
    else:
        return ""
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):  # noqa: PLR0124 -- NaN is not itself
        return f"`{text}` is a number that JSON does not have"
    return ""


def key_problem(raw: Any) -> str:
    """Why kubectl refuses a key, "" if it does not."""
    if raw.id != "scalar":
        return "a key must be a string, not a list or a mapping"
    text, tag = raw.value, raw.tag
    explicit = type(tag) is str
    if not explicit and raw.style:
        return ""
    if explicit:
        problem = _tag_problem(text, tag)
        if problem:
            return problem
        value = _tagged(text, tag)
    else:
        value = _untagged(text)
    if value is None:
        return "a key must be a string, not null"
    if type(value) is int and value >= _LARGEST_INT:
        return "a key must be a string, not a number this large"
    return ""


def _number(text: str) -> Value:
    """What a plain scalar that begins like a number is, as go-yaml has it: its own text if it is none."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if text[0] == ".":
        return _float(text.replace("_", ""), text) if _DOT_FLOAT.fullmatch(text) else text
    if _is_timestamp(text):
        return text
    digits = text.replace("_", "") if "_" in text else text
    whole = _INT.fullmatch(digits)
    if whole is not None:
        value = int(digits) if whole[3] else _based(whole)
        if -_LARGEST_INT <= value < (_LARGEST_INT if whole[1] else _LARGEST):
            return value
    if _FLOAT.fullmatch(digits):
        return _float(digits, text)
    signed = _SIGNED_BINARY.fullmatch(digits)  # Go's second attempt at `0b` takes a sign after it
    return int(signed[1], 2) if signed is not None else text


def _based(whole: re.Match[str]) -> int:
    index = next(number for number in range(2, 7) if whole[number])
    value = int(whole[index], _BASES[index - 2])
    return -value if whole[1] == "-" else value


def _float(digits: str, text: str) -> float | str:
    value = float(digits)
    return text if abs(value) == float("inf") else value


def _is_timestamp(text: str) -> bool:
    """Whether go-yaml takes it for a date, which it then leaves a string; the calendar matters little."""
    return len(text) > 4 and text[4] == "-" and _TIMESTAMP.fullmatch(text) is not None


def _tagged(text: str, tag: str) -> Value:
    if tag == _BINARY:
        return _decoded(text)
    if tag not in _RESOLVABLE or tag == STR:
        return text
    if tag == _TIMESTAMP_TAG:
        return text
    value = _untagged(text)
    if tag == _FLOAT_TAG and type(value) is int:
        return float(value)
    return value


def _untagged(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _HINTS else text


_MEANT: Final[dict[str, tuple[type, ...]]] = {
    _PREFIX + "bool": (bool,),
    _PREFIX + "int": (int,),
    _FLOAT_TAG: (float, int),
    _NULL_TAG: (type(None),),
}


def _tag_problem(text: str, tag: str) -> str:
    if tag == _BINARY:
        return "" if _base64(text) is not None else "the value of `!!binary` is not base64"
    if tag == _TIMESTAMP_TAG:
        return "" if _is_timestamp(text) else f"`{text}` is no `!!timestamp`"
    meant = _MEANT.get(tag)
    if meant is None:
        return ""
    value = _untagged(text)
    if type(value) not in meant or (tag == _FLOAT_TAG and isinstance(value, int) and value >= _LARGEST_INT):
        return f"`{text}` is no `!!{tag[len(_PREFIX) :]}`"
    return ""


def _base64(text: str) -> bytes | None:
    import base64  # hardly any manifest has `!!binary`
    import binascii

    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", "").encode(), validate=True)
    except (binascii.Error, ValueError):
        return None


def _decoded(text: str) -> str:
    data = _base64(text)
    return text if data is None else data.decode("utf-8", "replace")


def _json(value: Value) -> Value:
    """Whole floats as the integers that Go prints for them."""
    if type(value) is float and abs(value) < _WHOLE and value.is_integer():
        return int(value)
    return value


def _float_key(value: float) -> str:
    """A float as a key: Go's shortest form that a 32-bit float needs."""
    import struct  # a manifest with a float for a key is a curiosity

    if value != value:  # noqa: PLR0124 -- NaN is not itself
        return ".nan"
    try:
        (short,) = struct.unpack("f", struct.pack("f", value))
    except OverflowError:
        short = float("inf") if value > 0 else float("-inf")
    if abs(short) == float("inf"):
        return ".inf" if short > 0 else "-.inf"
    spelt = next(
        s for s in (f"{short:.{p}e}" for p in range(17)) if struct.pack("f", float(s)) == struct.pack("f", short)
    )
    mantissa, _, power = spelt.partition("e")
    exponent = int(power)
    if _MOST_NEGATIVE_EXPONENT <= exponent < _LEAST_POSITIVE_EXPONENT:
        digits = max(len(mantissa.replace(".", "").replace("-", "")) - 1 - exponent, 0)
        return f"{float(spelt):.{digits}f}"
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
