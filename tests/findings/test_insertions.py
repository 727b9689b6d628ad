"""What is inserted is written as what stands beside it, and nothing is where the text does not show how."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netpol_lint import fixes
from netpol_lint.findings import NO_FIX, NO_OBJECT, Finding, Fix, Severity
from netpol_lint.findings.block_fixes import with_other_block, without_address
from netpol_lint.findings.insertions import together
from netpol_lint.findings.port_fixes import with_port_beside
from netpol_lint.resources.policy import Direction, EveryPort, IPBlock, NetworkPolicy, Protocol, Rule
from tests.resources.decoding import HEAD, only

Making = Callable[[NetworkPolicy, Rule], Fix]


def _other_block(_: NetworkPolicy, rule: Rule) -> Fix:
    return with_other_block(rule, _block(rule), "::/0")


def _without_address(policy: NetworkPolicy, rule: Rule) -> Fix:
    return without_address(policy, rule, _block(rule), "192.0.2.1")


def _port_beside(_: NetworkPolicy, rule: Rule) -> Fix:
    assert not isinstance(rule.ports, EveryPort)
    return with_port_beside(rule, rule.ports[0], Protocol.TCP)


def _block(rule: Rule) -> IPBlock:
    [block, *_] = [peer for peer in rule.peers if isinstance(peer, IPBlock)] if isinstance(rule.peers, tuple) else []
    return block


def _fix(text: str, making: Making) -> Fix:
    """Of the last rule."""
    policy = only(text)
    assert isinstance(policy, NetworkPolicy)
    return making(policy, policy.rules(Direction.EGRESS)[-1])


def _fixed(text: str, making: Making) -> str:
    fix = _fix(text, making)
    finding = Finding("NP", "a", Severity.NOTE, "m", fix.changes[0].at, NO_OBJECT, (".",), fix=fix)
    return fixes.apply([finding], {"m.yaml": text}, unsafe=True).texts["m.yaml"]


_RULES = "spec:\n  podSelector: {}\n  egress:\n"


@pytest.mark.parametrize(
    ("making", "before", "after"),
    [
        (
            _other_block,
            "  - to:\n    - ipBlock:\n        cidr: 0.0.0.0/0  # all\n      # of IPv4\n",
            (
                "  - to:\n    - ipBlock:\n        cidr: 0.0.0.0/0  # all\n"
                '    - ipBlock:\n        cidr: "::/0"\n      # of IPv4\n'
            ),
        ),
        (
            _other_block,
            "    -   to:\n        -   ipBlock: {cidr: 0.0.0.0/0}\n        -   podSelector: {}\n",
            (
                "    -   to:\n        -   ipBlock: {cidr: 0.0.0.0/0}\n"
                '        -   ipBlock: {cidr: "::/0"}\n        -   podSelector: {}\n'
            ),
        ),
        (
            _other_block,
            "  - to:\n    - 'ipBlock':\n         'cidr': 0.0.0.0/0\n",
            '  - to:\n    - \'ipBlock\':\n         \'cidr\': 0.0.0.0/0\n    - "ipBlock":\n         "cidr": "::/0"\n',
        ),
        (
            _other_block,
            "  - to: [{ipBlock: {cidr: 0.0.0.0/0}},]\n",
            '  - to: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: "::/0"}},]\n',
        ),
        (
            _other_block,
            '  - {"to":[\n\t{"ipBlock":\t{"cidr":"0.0.0.0/0"}}]}\n',
            '  - {"to":[\n\t{"ipBlock":\t{"cidr":"0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}]}\n',
        ),
        (
            _without_address,
            "  - to:\n    - ipBlock:\n        cidr: 192.0.0.0/8 # wide\n",
            "  - to:\n    - ipBlock:\n        cidr: 192.0.0.0/8 # wide\n        except:\n        - 192.0.2.1/32\n",
        ),
        (
            _without_address,
            "    - to:\n        - ipBlock:\n            cidr: 192.0.0.0/8\n      ports: []\n",
            (
                "    - to:\n        - ipBlock:\n            cidr: 192.0.0.0/8\n            except:\n"
                "              - 192.0.2.1/32\n      ports: []\n"
            ),
        ),
        (
            _without_address,
            (
                "  - to:\n    - ipBlock:\n        except:\n        -  '192.0.1.0/24' # one\n        # two\n"
                "        cidr: 192.0.0.0/8\n"
            ),
            (
                "  - to:\n    - ipBlock:\n        except:\n        -  '192.0.1.0/24' # one\n"
                '        -  "192.0.2.1/32"\n        # two\n        cidr: 192.0.0.0/8\n'
            ),
        ),
        (
            _without_address,
            '  - to: [{"ipBlock": {"cidr": "192.0.0.0/8", "except": ["192.0.1.77/24"]}}]\n',
            '  - to: [{"ipBlock": {"cidr": "192.0.0.0/8", "except": ["192.0.1.77/24", "192.0.2.1/32"]}}]\n',
        ),
        (
            _without_address,
            "  - to: [{ipBlock: {cidr: 192.0.0.0/8}}]\n",
            "  - to: [{ipBlock: {cidr: 192.0.0.0/8, except: [192.0.2.1/32]}}]\n",
        ),
        (
            _port_beside,
            "  - ports:\n    - port: 53\n      protocol: UDP  # DNS\n\n    - port: 80\n",
            (
                "  - ports:\n    - port: 53\n      protocol: UDP  # DNS\n"
                "    - port: 53\n      protocol: TCP\n\n    - port: 80\n"
            ),
        ),
        (
            _port_beside,
            "  - ports:\n    - {protocol: UDP, port: 53}",
            "  - ports:\n    - {protocol: UDP, port: 53}\n    - {protocol: TCP, port: 53}",
        ),
        (
            _port_beside,
            "  - ports: [{protocol: UDP,\n     port: 53}] # DNS\n",
            "  - ports: [{protocol: UDP,\n     port: 53}, {protocol: TCP, port: 53}] # DNS\n",
        ),
    ],
)
def test_it_is_written_as_what_stands_beside_it(making: Making, before: str, after: str) -> None:
    assert HEAD + _RULES + after == _fixed(HEAD + _RULES + before, making)


@pytest.mark.parametrize(
    ("making", "rules"),
    [
        (_other_block, "  - to: &all\n    - ipBlock: {cidr: 0.0.0.0/0}\n"),
        (_other_block, "  - to:\n    -\n      ipBlock: {cidr: 0.0.0.0/0}\n"),
        (_other_block, "  - to: [&all {ipBlock: {cidr: 0.0.0.0/0}}]\n  - to: [{podSelector: {}}, *all]\n"),
        (_other_block, '  - to: [{ipBlock: {"\\x63idr": 0.0.0.0/0}}]\n'),
        (_without_address, "  - to: [{ipBlock: {cidr: 192.0.0.0/8, except: []}}]\n"),
        (_without_address, "  - to:\n    - ipBlock:\n        cidr: 192.0.0.0/8\n        except:\n"),
        (_without_address, "  - to:\n    - ipBlock:\n        &c cidr: 192.0.0.0/8\n"),
        (_without_address, "  - to: [{ipBlock: &b {cidr: 192.0.0.0/8}}]\n  - to: [{ipBlock: *b}]\n"),
        (_without_address, "  - to: [{ipBlock: &b {cidr: 192.0.0.0/8}}]\n  - to: [{ipBlock: {<<: *b}}]\n"),
        (
            _without_address,
            (
                "  - to: [{ipBlock: {cidr: 192.0.0.0/8, except: &e [192.0.1.0/24]}}]\n"
                "  - to: [{ipBlock: {cidr: 192.0.0.0/8, except: *e}}]\n"
            ),
        ),
        (_port_beside, "  - ports: &dns [{protocol: UDP, port: 53}]\n  - ports: *dns\n"),
        (_port_beside, "  - ports: &dns [{protocol: UDP, port: 53}]\n  - {ports: *dns, to: [{podSelector: {}}]}\n"),
        (_port_beside, "  - ports: [&dns {protocol: UDP, port: 53}]\n  - ports: [*dns]\n"),
        (_port_beside, "  - ports: [{protocol: UDP, port: dns}]\n"),
        (
            _without_address,
            ("  - to: [{ipBlock: {cidr: 192.0.0.0/8, except: [&c 192.0.1.0/24]}}]\n  - to: [{ipBlock: {cidr: *c}}]\n"),
        ),
    ],
)
def test_text_that_does_not_show_how_is_left_to_the_person(making: Making, rules: str) -> None:
    assert NO_FIX == _fix(HEAD + _RULES + rules, making)


def test_fixes_go_together_only_if_there_is_each_of_them() -> None:
    fix = _fix(f"{HEAD}{_RULES}  - ports: [{{protocol: UDP, port: 53}}]\n", _port_beside)
    assert [NO_FIX, NO_FIX, fix] == [together(parts, fix.description) for parts in ([fix, NO_FIX], [], [fix])]
