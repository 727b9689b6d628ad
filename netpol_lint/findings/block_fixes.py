"""Fixes of address blocks in a policy, all unsafe: they let other connections through than before."""

from __future__ import annotations

from netpol_lint.findings import NO_FIX, Fix
from netpol_lint.findings.insertions import Item, Key, Style, after_item, after_key, stands_in
from netpol_lint.resources.policy import NOT_LISTED, NOWHERE, IPBlock, NetworkPolicy, Rule
from netpol_lint.source.location import Location


def with_other_block(rule: Rule, block: IPBlock, cidr: str) -> Fix:
    """The fix that adds a peer with another block after the one with this block."""
    key = _cidr_key(block)
    peer = Location(block.at.path, block.whole, block.at.pointer.removesuffix("/ipBlock/cidr"))
    item = Item(peer, block.whole, block.dash, block.in_flow)
    step = max(key.at.span.column - block.whole.column, 1)
    style = Style(inner_in_braces=block.in_braces, quoted=key.is_quoted, step=step)
    if not key.is_readable or not _are_of(rule, block, key.at):
        return NO_FIX
    return after_item(item, {"ipBlock": {"cidr": cidr}}, style, f"add {cidr}")


def without_address(policy: NetworkPolicy, rule: Rule, block: IPBlock, address: str) -> Fix:
    """The fix that adds an address to the exceptions of a block; none where `except` is written without any."""
    key, description = _cidr_key(block), f"leave out {address}"
    network = f"{address}/128" if ":" in address else f"{address}/32"
    last, dash, in_flow = block.excepted
    if block.except_key is NOWHERE and _are_of(rule, block, key.at):
        style = Style(dashes=_dashes(policy, rule))
        return after_key(key, block.at.span, "except", [network], style, description)
    if block.excepted is NOT_LISTED or not _are_of(rule, block, last):
        return NO_FIX
    is_quoted = last.span.end_column - last.span.column == len(str(block.exceptions[-1][0])) + 2
    style = Style(quoted=is_quoted or key.is_quoted)
    return after_item(Item(last, last.span, dash, in_flow), network, style, description)


def _cidr_key(block: IPBlock) -> Key:
    return Key("cidr", block.cidr_key, block.in_braces)


def _are_of(rule: Rule, block: IPBlock, part: Location) -> bool:
    return stands_in(rule.whole, block.whole) and stands_in(block.whole, part.span)


def _dashes(policy: NetworkPolicy, rule: Rule) -> int:
    """How much further right than their key the policy's rules stand."""
    key = policy.rule_list(rule.direction).at
    return max(rule.dash - key.span.column, 0) if rule.dash else Style().dashes
