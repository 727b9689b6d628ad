"""What NP901 to NP904 report: suppressions that suppress nothing, name no rule, give no reason, or have run out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from netpol_lint.catalog import Rule
from netpol_lint.findings import NO_FIX, Edit, Finding, Fix
from netpol_lint.findings.wording import listed
from netpol_lint.source.location import Location, Span
from netpol_lint.suppression.covering import EXPIRED, UNEXPLAINED, UNKNOWN, UNUSED, Covering
from netpol_lint.suppression.notes import Claim, Note


class Complaints:
    """Findings about the notes of a run, without fingerprint but with the detail that enters it."""

    def __init__(
        self, notes: Sequence[Note], covering: Covering, rules: Sequence[Rule], units: Mapping[str, str]
    ) -> None:
        self._notes = notes
        self._covering = covering
        self._rules = {rule.id: rule for rule in rules}
        self._units = units

    def in_the_text(self) -> Iterator[tuple[Finding, str]]:
        """What is wrong with notes whatever is found: NP902, NP903, NP904."""
        for note in self._notes:
            for claim in note.claims:
                if not claim.ids:
                    yield from self._unknown(note, claim)
            if note.claims and not note.reason and not note.fault:
                message = f"nothing says why {_names(note)} is ignored: write the reason after the rule"
                yield from self._finding(UNEXPLAINED, message, note.at, note, _names(note))
            if self._covering.is_expired(note):
                message = f"this {note.kind} was meant until {note.until} and suppresses {_names(note)} no longer"
                yield from self._finding(EXPIRED, message, note.until_at, note, f"{_names(note)} {note.until}")

    def unused(self) -> Iterator[tuple[Finding, str]]:
        """NP901 for the notes that cover nothing so far; those that name NP901 itself are still to be judged."""
        for note in self._notes:
            if note.fault:
                message = f"this {note.kind} suppresses nothing: {note.fault}"
                yield from self._finding(UNUSED, message, note.at, note, "malformed")
                continue
            for claim in note.claims:
                if UNUSED not in claim.ids:
                    yield from self._idle(note, claim)

    def unused_of_their_own(self) -> Iterator[tuple[Finding, str]]:
        """NP901 for those that name NP901, once all other findings are known."""
        for note in self._notes:
            for claim in note.claims:
                if UNUSED in claim.ids and not note.fault:
                    yield from self._idle(note, claim)

    def _idle(self, note: Note, claim: Claim) -> Iterator[tuple[Finding, str]]:
        """Only where every rule the claim stands for was part of the run."""
        if self._covering.is_expired(note) or self._covering.is_used(claim):
            return
        if claim.ids and claim.ids <= self._rules.keys():
            message = f"this {note.kind} suppresses nothing: {self._title(claim)} finds nothing {_where(note)}"
            yield from self._finding(UNUSED, message, claim.at, note, claim.name, _without(note, claim))

    def _title(self, claim: Claim) -> str:
        [*others] = claim.ids
        return f"{others[0]} ({self._rules[others[0]].name})" if len(others) == 1 else claim.name

    def _unknown(self, note: Note, claim: Claim) -> Iterator[tuple[Finding, str]]:
        hint = f"; did you mean {claim.meant}?" if claim.meant else ""
        message = f"there is no rule {claim.name!r}, so this {note.kind} does not suppress what it means{hint}"
        fix = NO_FIX
        if claim.meant and note.kind == "comment":
            edit = Edit(claim.at.path, claim.at.span, claim.meant)
            fix = Fix(f"Name {claim.meant} instead", True, (edit,), ())
        yield from self._finding(UNKNOWN, message, claim.at, note, claim.name, fix)

    def _finding(
        self, rule_id: str, message: str, at: Location, note: Note, detail: str, fix: Fix = NO_FIX
    ) -> Iterator[tuple[Finding, str]]:
        rule = self._rules.get(rule_id)
        if rule is not None:
            unit = self._units.get(note.at.path, ".")
            yield (
                Finding(rule.id, rule.name, rule.info.severity, message, at, note.about, (unit,), fix=fix),
                f"{note.kind} {detail}",
            )


def _names(note: Note) -> str:
    return listed(claim.name for claim in note.claims)


def _where(note: Note) -> str:
    if note.kind == "annotation":
        return f"about {note.about}"
    if note.whole_file:
        return "in this file"
    return f"on line {note.line}" if note.line else "here, where no line follows"


def _without(note: Note, claim: Claim) -> Fix:
    """The fix that takes a claim out of a comment; with its last claim the comment goes."""
    if note.kind != "comment":
        return NO_FIX
    places = [other.at.span for other in note.claims]
    index = places.index(claim.at.span)
    if len(places) == 1:
        return Fix("Remove the comment", True, (Edit(note.at.path, note.whole, ""),), ())
    span = Span(*places[index - 1][2:], *places[index][2:]) if index else Span(*places[0][:2], *places[1][:2])
    return Fix(f"Remove {claim.name} from the comment", True, (Edit(note.at.path, span, ""),), ())
