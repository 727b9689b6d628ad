"""Port sets keep protocols apart and stay within the ports there are."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PROTOCOLS, PortSet, Span, ports

_SPANS = st.builds(
    lambda protocol, first, size: Span(protocol, first, min(65535, first + size)),
    st.sampled_from(PROTOCOLS),
    st.integers(1, 65535),
    st.integers(0, 2000),
)


def of(spans: list[Span]) -> PortSet:
    result = NO_PORT
    for span in spans:
        result |= ports(*span)
    return result


def test_every_port_is_every_port_of_the_three_protocols() -> None:
    assert [Span("SCTP", 1, 65535), Span("TCP", 1, 65535), Span("UDP", 1, 65535)] == list(EVERY_PORT.port_spans())
    assert EVERY_PORT == ports("TCP") | ports("UDP") | ports("SCTP")


def test_protocols_never_touch() -> None:
    assert [Span("SCTP", 65535, 65535), Span("TCP", 1, 1)] == list(
        (ports("SCTP", 65535, 65535) | ports("TCP", 1, 1)).port_spans()
    )


def test_neighbouring_ports_are_one_span() -> None:
    assert [Span("TCP", 80, 82)] == list(
        of([Span("TCP", 80, 80), Span("TCP", 82, 82), Span("TCP", 81, 81)]).port_spans()
    )


def test_a_range_that_ends_before_it_begins_is_empty() -> None:
    assert NO_PORT == ports("TCP", 443, 80)


@given(st.lists(_SPANS, max_size=5))
def test_a_set_is_the_union_of_its_spans(spans: list[Span]) -> None:
    assert of(spans) == of(list(of(spans).port_spans()))
    assert all(of(spans).has(protocol, first) and of(spans).has(protocol, last) for protocol, first, last in spans)


@given(st.lists(_SPANS, max_size=5))
def test_the_complement_has_every_other_port(spans: list[Span]) -> None:
    one = of(spans)
    assert EVERY_PORT == one | ~one
    assert NO_PORT == one & ~one


@given(st.lists(_SPANS, max_size=5), st.sampled_from(PROTOCOLS))
def test_the_ports_of_a_protocol_are_its_own(spans: list[Span], protocol: str) -> None:
    assert [span for span in of(spans).port_spans() if span.protocol == protocol] == list(
        of(spans).of(protocol).port_spans()
    )
