"""Why an answer is what it is, as a person would tell it: both ends, each rule with its place, what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.ports import NO_PORT, PortSet
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.evaluator import Decided, of_ports
from netpol_lint.connectivity.form import Policy, Rule
from netpol_lint.connectivity.matching import Doubt, Ranges, peers_match, ports_match
from netpol_lint.connectivity.questions import Judgement, Pair, Reply
from netpol_lint.connectivity.saying import ends_text, labels_text, peers_text, ports_text
from netpol_lint.connectivity.sides import spoken_by
from netpol_lint.records import NamedTuple
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import Direction
from netpol_lint.source.location import Location

_MOST: Final = 8
"""Remarks of one kind; a pod with a hundred policies is not explained any better by all of them."""
_BOTH: Final = (Direction.EGRESS, Direction.INGRESS)

_Decided: TypeAlias = Decided[PortSet]


class Remark(NamedTuple):
    """A sentence, and the place it is about where there is one."""

    text: str
    at: Location | tuple[()] = ()


class Section(NamedTuple):
    """What is to be said about one end."""

    title: str
    remarks: tuple[Remark, ...]


class Story(NamedTuple):
    """The explanation of an answer."""

    headline: str
    sections: tuple[Section, ...]
    changes: tuple[Remark, ...]
    """What would have to change for another answer; each alone is not always enough."""


class Explanation(NamedTuple):
    """The answer to a question, with its story."""

    source: str
    destination: str
    """The ends as they were named."""
    unit: str
    reply: Reply
    story: Story


def story_of(reply: Reply, source: str, destination: str, ports: str, ranges: Ranges, *, wanted: Judgement) -> Story:
    """The answer told; `changes` is what would make all of it as it is `wanted`, allowed or denied.

    `source`, `destination` and `ports` are how the question names them.
    """
    teller = _Teller(reply, source, destination, ports, ranges)
    sections = [*teller.doubts(), *(section for group in _groups(reply) for section in teller.sections(group))]
    changes: Iterable[Remark] = ()
    if reply.judgement not in (wanted, Judgement.UNKNOWN):
        changes = teller.to_allow() if wanted is Judgement.ALLOWED else teller.to_deny()
    return Story(teller.headline(), tuple(sections), tuple(dict.fromkeys(changes)))


def _groups(reply: Reply) -> Iterator[list[Pair]]:
    """The pairs in groups about which the same is to be said."""
    groups: dict[object, list[Pair]] = {}
    for pair in reply.pairs:
        key = tuple((side.outcome, side.decided, side.doubts) for side in (pair.traffic.egress, pair.traffic.ingress))
        groups.setdefault(key, []).append(pair)
    yield from groups.values()


class _Teller:
    def __init__(self, reply: Reply, source: str, destination: str, ports: str, ranges: Ranges) -> None:
        self._reply = reply
        self._source = source
        self._destination = destination
        self._ports = ports
        self._ranges = ranges
        self._name = {Direction.EGRESS: source, Direction.INGRESS: destination}

    def headline(self) -> str:
        source, destination, on = self._source, self._destination, f"on {self._ports}"
        match self._reply.judgement:
            case Judgement.ALLOWED:
                return f"{source} may reach {destination} {on}"
            case Judgement.DENIED:
                return f"{source} may not reach {destination} {on}"
            case Judgement.UNKNOWN:
                return f"it is unknown whether {source} may reach {destination} {on}"
            case Judgement.PARTLY if self._reply.allowed:
                unknown = f", perhaps on {ports_text(self._reply.unknown)}" if self._reply.unknown else ""
                return f"{source} may reach {destination} on {ports_text(self._reply.allowed)} only{unknown}"
            case Judgement.PARTLY:
                return f"{source} may reach {destination} {on} only in part"

    def doubts(self) -> Iterator[Section]:
        """Why it is unknown."""
        doubts = self._reply.doubts()
        if doubts:
            remarks = (f"{doubt}{_REMEDY.get(doubt, '')}" for doubt in doubts)
            yield Section("Unknown because", tuple(map(Remark, remarks)))

    # -- what decides ---------------------------------------------------------------------------------------

    def sections(self, group: list[Pair]) -> Iterator[Section]:
        """Both ends of pairs that are alike."""
        pair = group[0]
        if pair.source is pair.destination and not pair.traffic.egress.decided and not pair.traffic.ingress.decided:
            title = f"From {self._source} to itself"
            yield Section(title, (Remark("a pod can always reach itself: no policy blocks that"),))
            return
        is_part = len(group) < len(self._reply.pairs)
        for direction in _BOTH:
            if is_part and isinstance(pair.subject(direction), Outside):
                continue  # the title of the other end names it
            yield Section(self._title(direction, group), tuple(self._side(pair, direction)))

    def _title(self, direction: Direction, group: list[Pair]) -> str:
        subjects = list(dict.fromkeys(pair.subject(direction) for pair in group))
        name = self._name[direction]
        everyone = {pair.subject(direction) for pair in self._reply.pairs}
        own = name if len(everyone) == len(subjects) else f"{ends_text(subjects)} of {name}"
        others = list(dict.fromkeys(pair.other(direction) for pair in group))
        every_other = {pair.other(direction) for pair in self._reply.pairs}
        where = "" if len(every_other) == len(others) else f", {_WAY[direction]} {ends_text(others)}"
        return f"{_TITLE[direction]} {own}{where}"

    def _side(self, pair: Pair, direction: Direction) -> Iterator[Remark]:
        subject, side = pair.subject(direction), pair.side(direction)
        if isinstance(subject, Outside):
            yield Remark("outside the cluster: no policy applies there")
            return
        if subject.exempt:
            yield Remark("it uses the network of its node (hostNetwork): policies do not apply to it")
            return
        decided = _merged(of_ports(side.decided, self._reply.asked))
        if not decided:
            yield Remark(f"no policy isolates it for {direction.field}: everything may {_VERB[direction]}")
            return
        by_rules = [one for one in decided if not _is_isolation(one)]
        isolating = [one for one in decided if _is_isolation(one) and not one.policy.doubt]
        admits_some = any(one.action is Action.ALLOW and not one.policy.doubt for one in by_rules)
        rules = self._rules(by_rules, pair, direction)
        yield from _shortened([*rules, *_isolations(isolating, direction, rest=admits_some)])
        yield from _shortened(list(self._nearly(pair, direction, isolating)))

    def _rules(self, decided: list[_Decided], pair: Pair, direction: Direction) -> Iterator[Remark]:
        doubtful: set[Policy] = set()
        for one in decided:
            if one.policy.doubt:
                if one.policy not in doubtful:
                    yield Remark(f"{_policy(one.policy)} may decide here: {one.policy.doubt}", one.policy.at)
                doubtful.add(one.policy)
                continue
            what = f"{_ACTION[one.action]} {ports_text(one.what)} by {one.rule.pointer}"
            where = self._where(one.rule, pair, direction)
            yield Remark(f"{_policy(one.policy)} {what}{where}{_perhaps(one)}", one.rule.at)

    def _where(self, rule: Rule, pair: Pair, direction: Direction) -> str:
        """Which address a pod must have for the rule to be about it."""
        subject, other = pair.subject(direction), pair.other(direction)
        assert isinstance(subject, Pod)
        if isinstance(other, Outside):
            return ""
        matched = peers_match(rule.peers, other, self._ranges, spoken_by(subject))
        if not isinstance(matched, AddressSet):
            return ""
        name = self._destination if direction is Direction.EGRESS else self._source
        return f" if the address of {name} is in {matched}"

    def _nearly(self, pair: Pair, direction: Direction, isolating: list[_Decided]) -> Iterator[Remark]:
        """The rules that miss by a port, or by the peer."""
        subject, other = pair.subject(direction), pair.other(direction)
        assert isinstance(subject, Pod)
        for one in isolating:
            for rule in one.policy.rules(direction):
                wanted = one.what
                matched = peers_match(rule.peers, other, self._ranges, spoken_by(subject))
                meant = ports_match(rule.ports, other if direction is Direction.EGRESS else subject).possible
                head = f"its {rule.pointer}" if len(isolating) == 1 else f"{rule.pointer} of {_policy(one.policy)}"
                if matched is not False and meant & self._reply.asked == NO_PORT:
                    where = self._where(rule, pair, direction)
                    yield Remark(f"{head} admits it only on {ports_text(meant)}{where}", rule.at)
                elif matched is False and meant & wanted:
                    yield Remark(f"{head} admits others: {peers_text(rule.peers)}", rule.at)

    # -- what would change it -------------------------------------------------------------------------------

    def to_allow(self) -> Iterator[Remark]:
        for pair in self._reply.pairs:
            for direction in _BOTH:
                denied = pair.side(direction).outcome.denied & self._reply.asked
                if denied:
                    yield from self._allowing(pair, direction, denied)

    def _allowing(self, pair: Pair, direction: Direction, denied: PortSet) -> Iterator[Remark]:
        decided = [one for one in _merged(of_ports(pair.side(direction).decided, denied)) if one.action is Action.DENY]
        rules = [one for one in decided if not _is_isolation(one)]
        for one in rules:
            yield Remark(f"narrow or remove {one.rule.pointer} of {_policy(one.policy)}, which denies it", one.rule.at)
        isolating = [one for one in decided if _is_isolation(one)]
        if isolating:
            policy = next((one.policy for one in isolating if one.policy.rules(direction)), isolating[0].policy)
            where = _policy(policy) if len(isolating) == 1 else "one of these policies"
            new = f"a new one that selects {self._subject(pair, direction)}"
            admit = f"{_WAY[direction]} {_end(pair.other(direction))} on {ports_text(denied)}"
            yield Remark(f"give {where}, or {new}, an {direction.field} rule for traffic {admit}", policy.at)

    def to_deny(self) -> Iterator[Remark]:
        for pair in self._reply.pairs:
            allowed = pair.allowed & self._reply.asked
            if not allowed:
                continue
            for direction in _BOTH:
                decided = of_ports(pair.side(direction).decided, allowed)
                for one in (one for one in decided if one.action is Action.ALLOW):
                    yield Remark(f"narrow {one.rule.pointer} of {_policy(one.policy)}, which allows it", one.rule.at)
            yield from self._isolating(pair)

    def _isolating(self, pair: Pair) -> Iterator[Remark]:
        """The ends that no policy isolates yet."""
        for direction in reversed(_BOTH):
            subject = pair.subject(direction)
            if isinstance(subject, Pod) and not subject.exempt and not pair.side(direction).isolated:
                yield Remark(f"let a policy isolate {self._subject(pair, direction)} for {direction.field}")

    def _subject(self, pair: Pair, direction: Direction) -> str:
        subject = pair.subject(direction)
        assert isinstance(subject, Pod)
        return f"pods with {labels_text(subject.labels.known)}" if subject.labels.known else self._name[direction]


_REMEDY: Final = {
    Doubt.ADDRESS.value: " (`assume` in the config can say more: `pod-ranges`, or `ip-blocks-select-pods: false`)",
    Doubt.NAMESPACE_LABELS.value: " (`namespaces` in the config or in a test file can)",
}
_TITLE: Final = {Direction.EGRESS: "Out of", Direction.INGRESS: "Into"}
_WAY: Final = {Direction.EGRESS: "to", Direction.INGRESS: "from"}
_VERB: Final = {Direction.EGRESS: "leave", Direction.INGRESS: "enter"}
_ACTION: Final = {Action.ALLOW: "allows", Action.DENY: "denies", Action.PASS: "passes on"}


def _merged(decided: Iterable[_Decided]) -> list[_Decided]:
    """Each rule once: the same may decide for several of the addresses that a pod may have."""
    merged: dict[tuple[object, ...], _Decided] = {}
    for one in decided:
        key = one.policy, one.rule, one.action, one.doubt
        before = merged.get(key)
        merged[key] = one if before is None else one._replace(what=before.what | one.what)
    return list(merged.values())


def _is_isolation(decided: _Decided) -> bool:
    return decided.rule is decided.policy.isolation


def _isolations(decided: Iterable[_Decided], direction: Direction, *, rest: bool) -> Iterator[Remark]:
    """The policies because of which what no rule admits is denied; `rest` if other rules admit some."""
    for one in decided:
        what = f"no other rule admits {ports_text(one.what)}" if rest else "no rule of it admits this"
        if not one.policy.rules(direction) and not rest:
            what = "it admits nothing"
        text = f"{_policy(one.policy)} isolates it for {direction.field}, and {what}{_perhaps(one)}"
        yield Remark(text, one.policy.at)


def _perhaps(decided: _Decided) -> str:
    return f" (not certain: {decided.doubt})" if decided.doubt else ""


def _policy(policy: Policy) -> str:
    return f"{policy.tier} {policy.name}"


def _end(end: End) -> str:
    if isinstance(end, Outside):
        return end.id
    labels = labels_text(end.labels.known)
    return f"pods with {labels} in namespace {end.namespace}" if labels else f"namespace {end.namespace}"


def _shortened(remarks: list[Remark]) -> Iterator[Remark]:
    yield from remarks[:_MOST]
    if len(remarks) > _MOST:
        yield Remark(f"and {len(remarks) - _MOST} more")
