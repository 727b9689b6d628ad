"""The bytes of one document parsed into raw nodes: by libyaml, guarded, or from events where it cannot be trusted."""

from __future__ import annotations

import operator
import re
from typing import Any, Final, NoReturn, TypeAlias

import yaml
from yaml import events

from netpol_lint.records import NamedTuple
from netpol_lint.source.garbage import no_collection
from netpol_lint.source.limits import Limits
from netpol_lint.source.raw import RawNode, Trouble, too_deep_message

if yaml.__with_libyaml__:
    from yaml.cyaml import CParser as _CParser  # type: ignore[attr-defined,unused-ignore]

    class _Composer(_CParser):  # type: ignore[misc,unused-ignore]
        """libyaml's composer, PyYAML's resolver switched off: scalars are resolved only where they are read.

        The tag of an untagged node becomes a `slice`, which no explicit tag ever is.
        """

        descend_resolver = staticmethod(operator.is_)
        ascend_resolver = staticmethod(bool)
        resolve = staticmethod(slice)

    _Events: Any = _CParser
    _composes_itself = True
else:
    from yaml.parser import Parser as _Parser
    from yaml.reader import Reader as _Reader
    from yaml.scanner import Scanner as _Scanner

    class _PureEvents(_Reader, _Scanner, _Parser):
        """The same events, twenty times slower, where PyYAML was built without libyaml."""

        def __init__(self, stream: bytes) -> None:
            _Reader.__init__(self, stream)
            _Scanner.__init__(self)
            _Parser.__init__(self)

    _Events = _PureEvents
    _composes_itself = False

_DEEP: Final = 2_000
"""Levels that are harmless even on a small stack; with eight megabytes it overflows at about 50,000."""
_FAR_RIGHT: Final = re.compile(rb"[ \-?:\t]{1000}")
_FAR_RIGHT_LINE: Final = re.compile(rb"\n[ \-?:\t]{1000}")
_DUPLICATE_ANCHOR: Final = "found duplicate anchor"


class Composed(NamedTuple):
    """The root of a document that is YAML; whether kubectl takes it is `trouble_in`'s matter."""

    raw: RawNode


class Empty(NamedTuple):
    """Nothing but blanks and comments."""


class Broken(NamedTuple):
    """Not YAML: the parser's words and marks."""

    error: yaml.YAMLError


class Refused(NamedTuple):
    """YAML that is nested too deeply to be composed."""

    trouble: Trouble


Composition: TypeAlias = Composed | Empty | Broken | Refused


class _Beyond(Exception):
    """More than a limit allows: the trouble is the argument."""


def compose(data: bytes, limits: Limits, *, shallow: bool = False) -> Composition:
    """The first document in `data`; what follows it is not looked at, as kubectl does not.

    `shallow` promises that no collection is nested deeper than the limits allow.
    """
    try:
        with no_collection():
            raw = _compose(data, limits, shallow)
    except yaml.YAMLError as error:
        return _refused_by_the_parser(error, limits.nesting) if _is_too_deep(error) else Broken(error)
    except _Beyond as beyond:
        return Refused(beyond.args[0])
    return Empty() if raw is None else Composed(raw)


def _is_too_deep(error: yaml.YAMLError) -> bool:
    """Whether the parser's own limit was hit, which newer libyamls have; reading ahead they notice it before we do."""
    return isinstance(error, yaml.MarkedYAMLError) and str(error.problem).startswith("exceeded maximum nesting depth")


def _refused_by_the_parser(error: Any, nesting: int) -> Refused:
    mark = error.problem_mark
    node = yaml.ScalarNode("", "", mark, mark)  # type: ignore[no-untyped-call,unused-ignore]
    return Refused(Trouble(too_deep_message(nesting), node, limit=True))


def _compose(data: bytes, limits: Limits, shallow: bool) -> RawNode:
    if not _composes_itself or not (shallow or _is_shallow(data)) or _may_have_more_nodes(data, limits.nodes):
        return _from_events(data, limits)
    parser = _Composer(data)
    try:
        return parser.get_node() if parser.check_node() else None
    except yaml.composer.ComposerError as error:
        if error.context is None or not error.context.startswith(_DUPLICATE_ANCHOR):
            raise
    return _from_events(data, limits)  # go-yaml allows an anchor to be given anew


def _may_have_more_nodes(data: bytes, most: int) -> bool:
    """Whether a document may have more nodes: each stands after a line break or an indicator, some are empty."""
    if len(data) <= most:
        return False
    return 2 * sum(map(data.count, (b",", b"[", b"{", b"\n", b"\r", b"?"))) + sum(map(data.count, (b":", b"- "))) > most


def _is_shallow(data: bytes) -> bool:
    """Whether libyaml's composer, which calls itself for each level, surely survives the document.

    Each level opens with a bracket, or stands further right than the last, sequences in mappings apart.
    """
    return data.count(b"[") + data.count(b"{") <= _DEEP and not (_FAR_RIGHT_LINE.search(data) or _FAR_RIGHT.match(data))


def _from_events(data: bytes, limits: Limits) -> RawNode:
    """What libyaml's composer gives, without its recursion and with anchors that may be given anew."""
    parser = _Events(data)
    anchors: dict[str, RawNode] = {}
    open_nodes: list[Any] = []
    pending_keys: list[list[RawNode]] = []
    root: RawNode = None
    left = limits.nodes
    while True:
        event = parser.get_event()
        if isinstance(event, (events.DocumentEndEvent, events.StreamEndEvent)):
            return root
        if isinstance(event, (events.StreamStartEvent, events.DocumentStartEvent)):
            continue
        if isinstance(event, events.CollectionEndEvent):
            node = open_nodes.pop()
            pending_keys.pop()
            node.end_mark = event.end_mark
            continue
        if not left:
            raise _Beyond(
                Trouble(f"documents with more than {limits.nodes} values are not read", open_nodes[0], limit=True)
            )
        left -= 1
        node = _alias(event, anchors) if isinstance(event, events.AliasEvent) else _node(event)
        if not isinstance(event, events.AliasEvent) and event.anchor is not None:
            anchors[event.anchor] = node
        if open_nodes:
            _put(open_nodes[-1], pending_keys[-1], node)
        else:
            root = node
        if isinstance(event, events.CollectionStartEvent):
            open_nodes.append(node)
            pending_keys.append([])
            if len(open_nodes) > limits.nesting:
                raise _Beyond(Trouble(too_deep_message(limits.nesting), node, limit=True))


def _alias(event: Any, anchors: dict[str, RawNode]) -> RawNode:
    if event.anchor not in anchors:
        _undefined_alias(event)
    return anchors[event.anchor]


def _undefined_alias(event: Any) -> NoReturn:
    raise yaml.composer.ComposerError(None, None, "found undefined alias", event.start_mark)


def _node(event: Any) -> RawNode:
    start, end = event.start_mark, event.end_mark
    explicit: Any = event.tag if event.tag not in (None, "!") else None
    if isinstance(event, events.ScalarEvent):
        style = event.style or None
        tag: Any = explicit or slice(yaml.ScalarNode, event.value, event.implicit)
        return yaml.ScalarNode(tag, event.value, start, end, style)
    cls: Any = yaml.SequenceNode if isinstance(event, events.SequenceStartEvent) else yaml.MappingNode
    return cls(explicit or slice(cls, None, event.implicit), [], start, end, event.flow_style)


def _put(parent: RawNode, pending: list[RawNode], node: RawNode) -> None:
    if parent.id == "sequence":
        parent.value.append(node)
    elif pending:
        parent.value.append((pending.pop(), node))
    else:
        pending.append(node)
