"""Which network plugin a ConfigMap configures, by the CNI configuration it holds for the nodes.

Flannel's manifest keeps it as `cni-conf.json`, Calico's and Canal's as `cni_network_config`, others under the name of
the file, such as `10-flannel.conflist`. It is nearly JSON: what the installer puts in later stands there unquoted.
"""

from __future__ import annotations

import re
from typing import Final

from netpol_lint.resources.decode.meta import text
from netpol_lint.resources.plugins import POLICIES, known
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar

_KEYS: Final = re.compile(r"cni-conf\.json|cni_network_config|.*\.conflist")
_TYPE: Final = re.compile(r'"type"\s*:\s*"([a-z0-9-]{1,60})"')
_OF_FLANNEL: Final = "net-conf.json"


def configured(data: Node | Missing) -> tuple[tuple[str, Scalar], ...]:
    """The plugin that decides about policies, with the configuration; nothing if none in it is known.

    Plugins in a chain work together: Flannel may bring the network and Cilium enforce policies.
    """
    if not isinstance(data, Mapping):
        return ()
    by_type = {cni: plugin for plugin in known().values() for cni in plugin.cnis}
    for key, _, value in data:
        if not isinstance(value, Scalar) or not _KEYS.fullmatch(key):
            continue
        found = {by_type[name].name: by_type[name] for name in _TYPE.findall(text(value)) if name in by_type}
        if "calico" in found and ("flannel" in found or _OF_FLANNEL in data):
            return (("canal", value),)
        engines = [name for name, plugin in found.items() if plugin.answer(POLICIES).word != "no"]
        for name in (engines or list(found))[:1]:
            return ((name, value),)
    return ()
