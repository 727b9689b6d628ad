"""How findings tell of pods that their caller cannot reach."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.findings import Related
from netpol_lint.findings.port_wording import pods_text
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.needs.cut_off import CutOff

_MOST_RELATED = 10


def call_text(found: CutOff) -> str:
    """`Ingress shop/web sends clients outside to Service shop/api on TCP 80`."""
    ports = listed(dict.fromkeys(backing.port for backing in found.backings if backing.port))
    return f"{found.backings[0].shown_by} on {ports}" if ports else found.backings[0].shown_by


def closed_text(found: CutOff, whom: str) -> str:
    """`policy shop/web admits none of them to Deployment web on TCP 8080`; `whom` is `none of them` here."""
    numbers: dict[str, None] = {}
    for backing in found.backings:
        for target in backing.targets:
            for span in target.ports.port_spans():
                numbers.update((f"{span.protocol} {number}", None) for number in range(span.first, span.last + 1))
    pods = pods_text(found.pods, found.backings[0].about.namespace)
    admit = "admits" if len(found.policies) == 1 else "admit"
    return f"{listed(map(policy_text, found.policies))} {admit} {whom} to {pods} on {listed(numbers)}"


def related_to(found: CutOff) -> Iterator[Related]:
    """The text that shows it, the Service and the policies."""
    first = found.backings[0]
    if first.at != first.about.at:
        yield Related(first.shown_by, first.at)
    if first.behind is not first.about:
        yield Related("the Service before the pods", first.behind.at)
    yield from (Related(f"{workload_text(pod)} is closed", pod.meta.at) for pod in found.pods[:_MOST_RELATED])
    for policy in found.policies[:_MOST_RELATED]:
        yield Related("a policy that isolates them", policy.meta.at)


def detail_of(found: CutOff) -> str:
    """What tells it from other findings at the same object."""
    first = found.backings[0]
    return "" if first.behind is first.about else f"{first.behind.namespace}/{first.behind.name}"
