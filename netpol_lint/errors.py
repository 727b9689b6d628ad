"""What stops a run: bad usage or configuration, and a crash of one of our own rules."""

from __future__ import annotations


class NetpolLintError(Exception):
    """The user's configuration or call is wrong; the command prints it and exits 2.

    `path` is "" and `line`/`column` are 0 where the trouble has no place in a file; otherwise they are
    1-based code points. Nothing about a *manifest* is ever an exception: that is a finding.
    """

    def __init__(self, message: str, *, path: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if not self.path:
            return self.message
        if not self.line:
            return f"{self.path}: {self.message}"
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class RuleCrash(Exception):
    """A rule raised: a bug of ours. The command names the rule, prints the traceback and exits 2."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"rule {rule} crashed; this is a bug in netpol-lint")
        self.rule = rule
