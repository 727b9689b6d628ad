"""Maps and differences to be shown, made from clusters and by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft7Validator

import netpol_lint
from netpol_lint.connectivity.choosing import Choice
from netpol_lint.connectivity.connections import (
    ALL_PORTS,
    FUTURE,
    NO_PORTS,
    OUTSIDE,
    Decision,
    Endpoint,
    Flow,
    Ports,
    PortSpan,
    Reasons,
    Table,
    UnitMap,
)
from netpol_lint.connectivity.mapping import maps_of
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach
from netpol_lint.report import connections
from netpol_lint.source.location import Location, Span
from tests.connectivity.drawing import clusters
from tests.report.test_any_text import TEXTS

HTTP = Ports(all=False, spans=(PortSpan("TCP", 80, 80),))
DNS = Ports(all=False, spans=(PortSpan("TCP", 53, 53), PortSpan("UDP", 53, 53)))
_SCHEMAS = Path(netpol_lint.__file__).parent / "schemas"


def schema_errors(name: str, text: str) -> list[str]:
    """What a JSON output has that its schema does not."""
    schema = json.loads((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return [error.message for error in Draft7Validator(schema).iter_errors(json.loads(text))]


def shown(form: str, *maps: UnitMap) -> str:
    return "".join(connections.render(form, maps))


def pod(name: str, namespace: str = "shop") -> Endpoint:
    return Endpoint(f"{namespace}/Pod/{name}", "Pod", namespace, name)


ANYWHERE = Endpoint("0.0.0.0/0", OUTSIDE, blocks=("0.0.0.0/0",))


def table(endpoints: tuple[Endpoint, ...], opened: dict[tuple[int, int], Any]) -> Table:
    """Each endpoint in a group of its own; what is opened are ports, or a pair of ports and unknown ports."""
    rows = []
    for source in range(len(endpoints)):
        pairs = {to: ports for (start, to), ports in opened.items() if start == source}
        flows = []
        for to, ports in pairs.items():
            sure, unknown = ports if isinstance(ports[0], tuple) else (ports, NO_PORTS)
            flows.append(Flow(1 << to, sure, unknown))
        rows.append(tuple(flows))
    return Table(endpoints, tuple((place,) for place in range(len(endpoints))), tuple(rows))


@st.composite
def any_map(draw: st.DrawFn) -> UnitMap:
    """A map of a cluster by chance."""
    made = draw(clusters())
    (found,) = maps_of({".": Reach(Network.of(made))}, Choice(exposure=draw(st.booleans()), reasons=True))
    return found


@st.composite
def hostile_map(draw: st.DrawFn) -> UnitMap:
    """A map in which every name tries to be something else."""
    one, two, place, unit, rule = (draw(TEXTS) for _ in range(5))
    endpoints = (
        Endpoint(f"{one}/Pod/{two}", "Pod", one, two),
        Endpoint(f"{two}/{place}/{one}", place or "Job", two, one),
        Endpoint(f"new pod with {one}={two} in {place}", FUTURE, place, f"new pod with {one}={two}", (), ((one, two),)),
        ANYWHERE,
    )
    opened = {(0, 1): HTTP, (1, 0): (HTTP, DNS), (2, 0): ALL_PORTS, (3, 0): (NO_PORTS, ALL_PORTS), (0, 3): ALL_PORTS}
    decision = Decision(f"{one}/{two}", place, "allow", rule, Location(f"{place}.yaml", Span(1, 2, 1, 3)))
    reasons = {(0, 1): Reasons((decision,), (decision,), (rule,))}
    return UnitMap(unit, table(endpoints, {pair: _pair(ports) for pair, ports in opened.items()}), reasons)


def _pair(ports: Any) -> Any:
    return ports if isinstance(ports[0], tuple) else (ports, NO_PORTS)
