"""The frame of the HTML page: its head, its looks, its end."""

from __future__ import annotations

from typing import Final

from netpol_lint.report.escaping import html

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --error: #c5221f; --warning: #9a6700; --note: #0a6bb5; }
@media (prefers-color-scheme: dark) { :root { --error: #ff7b72; --warning: #e3b341; --note: #79c0ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; font-family: ui-monospace, monospace; margin-top: 2rem; }
h3 { font-size: 1rem; margin: 0; } p { margin: .4rem 0; overflow-wrap: anywhere; } a { color: inherit; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: left; }
article { border: 1px solid var(--line); border-left: 4px solid; border-radius: 4px; }
article { padding: .6rem 1rem; margin: 1rem 0; }
article.error { border-left-color: var(--error); } article.warning { border-left-color: var(--warning); }
article.note { border-left-color: var(--note); } article.suppressed { opacity: .6; }
span.error, td.error { color: var(--error); } span.warning, td.warning { color: var(--warning); }
span.note, td.note { color: var(--note); }
.place { margin-top: .6rem; font-size: .9rem; } code, pre { font: .85rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; background: #8881; border-radius: 4px; padding: .3rem .6rem; margin: .2rem 0; }
.number { display: inline-block; min-width: 2.5rem; margin-right: 1rem; text-align: right; }
.number { opacity: .5; user-select: none; }
mark { background: #e3b34166; color: inherit; border-bottom: 2px solid; } del, ins { text-decoration: none; }
del { color: var(--error); } ins { color: #1a7f37; } footer { margin-top: 2rem; opacity: .6; font-size: .85rem; }
"""

CLOSING: Final = "</body>\n</html>"


def opening(title: str) -> str:
    """Everything before the content; the policy lets the page load nothing and run nothing."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html(title)}</title>
<style>{_STYLE}</style>
</head>
<body>"""
