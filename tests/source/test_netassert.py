"""NetAssert's test files are read as they are."""

from __future__ import annotations

import pytest

from netpol_lint.errors import NetpolLintError
from netpol_lint.source.asked_ports import AskedPorts
from netpol_lint.source.assertion_file import read_assertions

KINDS = "deployment, statefulset, daemonset, pod"
TEST = """\
---
- name: busy-to-echo
  type: k8s
  protocol: udp
  targetPort: 8080
  timeoutSeconds: 269
  attempts: 3
  exitCode: 1
  src:
    k8sResource:
      kind: deployment
      name: busy
      namespace: work
  dst:
    k8sResource:
      kind: statefulset
      name: echo
      namespace: play
####
- name: to-the-world
  type: k8s
  targetPort: 443
  exitCode: 0
  src:
    k8sResource: {kind: pod, name: busy, namespace: work}
  dst:
    host:
      name: www.example.org
"""


def test_a_test_of_netassert_says_the_same_as_one_of_ours() -> None:
    first, second = read_assertions(TEST.encode(), "t.yaml").assertions
    expected = (
        ("busy-to-echo", "work/Deployment/busy", "play/StatefulSet/echo", AskedPorts("UDP", 8080, 8080), False, False),
        ("to-the-world", "work/Pod/busy", "www.example.org", AskedPorts("TCP", 443, 443), True, True),
        (2, 20),
    )
    assert expected == (
        (first.name, first.source, first.destination, first.ports, first.allow, first.to_host),
        (second.name, second.source, second.destination, second.ports, second.allow, second.to_host),
        (first.at.span.line, second.at.span.line),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "kind: deployment",
            "kind: cronjob",
            f"11:13: `kind` must be {KINDS}, not 'cronjob'",
        ),
        ("type: k8s\n  protocol", "type: vm\n  protocol", "3:9: NetAssert tests are of type k8s, not 'vm'"),
        ("protocol: udp", "protocol: icmp", "4:13: `protocol` must be tcp or udp, not 'icmp'"),
        ("targetPort: 8080", "targetPort: 0", "5:15: ports are numbers from 1 to 65535, the lower one first, not 0"),
        ("exitCode: 1", "exitCode: one", "8:13: `exitCode` must be a number, not 'one'"),
        ("      name: busy\n", "", "10:5: the resource lacks `name`"),
    ],
)
def test_what_netassert_would_not_take_is_refused_at_its_place(old: str, new: str, expected: str) -> None:
    with pytest.raises(NetpolLintError) as wrong:
        read_assertions(TEST.replace(old, new).encode(), "t.yaml")
    assert f"t.yaml:{expected}" == str(wrong.value)
