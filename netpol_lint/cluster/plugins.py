"""Which network plugin a unit's cluster has, as far as its own objects and those of units beside it show."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.records import NamedTuple
from netpol_lint.resources.plugins import ANOTHER, LEFT, POLICIES, Plugin, Sign, known


class Unenforced(NamedTuple):
    """A plugin that enforces no policies, and the policies that so do nothing (NP701)."""

    plugin: Plugin
    sign: Sign
    policies: int


def plugins(cluster: Cluster) -> tuple[Plugin, ...]:
    """The plugin of the unit's cluster, one or none: what decides about policies counts, more than one is not known."""
    if cluster.assume.plugin:
        return (known()[cluster.assume.plugin],)
    signs = cluster.signs or (cluster.elsewhere.signs_beside() if cluster.elsewhere else ())
    return decisive(signs)


def decisive(signs: tuple[Sign, ...]) -> tuple[Plugin, ...]:
    """The one plugin of several signs that decides about policies; nothing where it is not known.

    Where the plugin is left to somebody else, one that enforces policies is what they installed; of one that does not,
    it is not known whether it is all.
    """
    names = dict.fromkeys(sign.plugin for sign in signs)
    if ANOTHER in names:
        return ()
    found = [known()[name] for name in names if name != LEFT]
    engines = [plugin for plugin in found if plugin.answer(POLICIES).word != "no"]
    chosen = engines if LEFT in names else engines or found
    return (chosen[0],) if len(chosen) == 1 else ()


def unenforced(cluster: Cluster) -> tuple[Unenforced, ...]:
    """What the unit installs that enforces no policies, where there are policies and nothing else may enforce them.

    Something that is not there to be seen (a remote manifest, a chart that could not be rendered) may be an engine, and
    so may what another unit installs; policies of other units count where the tree shows that all go to one cluster.
    """
    if cluster.assume.plugin:
        return tuple(_assumed(cluster, known()[cluster.assume.plugin]))
    if not cluster.signs or cluster.is_open:
        return ()
    found = decisive(cluster.signs)
    if not found or found[0].answer(POLICIES).word != "no":
        return ()
    policies = len(cluster.policies) + len(cluster.rejected)
    if cluster.elsewhere:
        if any(_may_enforce(sign) for sign in cluster.elsewhere.signs()):
            return ()
        policies += cluster.elsewhere.policies_beside()
    return (Unenforced(found[0], cluster.signs[0], policies),) if policies else ()


def _assumed(cluster: Cluster, plugin: Plugin) -> Iterator[Unenforced]:
    """Of what the configuration says there is no object: the first policy stands for it."""
    if plugin.answer(POLICIES).word == "no":
        for policy in cluster.policies[:1]:
            sign = Sign(plugin.name, f"the configuration assumes {plugin.name}", policy.meta.ref, policy.meta.at)
            yield Unenforced(plugin, sign, len(cluster.policies) + len(cluster.rejected))


def _may_enforce(sign: Sign) -> bool:
    return sign.plugin in (ANOTHER, LEFT) or known()[sign.plugin].answer(POLICIES).word != "no"
