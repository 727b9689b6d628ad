"""Which network plugin an object installs: by image and name of its agent, by chart, by the configuration of a cluster.

What says that the plugin comes from elsewhere is a sign too: of another plugin, about which nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping as AnyMapping
from functools import cache
from typing import Final, TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode import CONFIGURATIONS
from netpol_lint.resources.decode.cluster_files import k3s_plugin, k3s_words
from netpol_lint.resources.decode.cni_configs import configured
from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, mappings
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.resources.plugins import ANOTHER, LEFT, POLICIES, Sign, known
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence, plain_data

_AGENT: Final = "aws-vpc-cni-network-policy"
_AGENT_ON: Final = re.compile(r"""enableNetworkPolicy\\*["']?\s*:\s*\\*["']?true""")
_NEVER: Final = re.compile(r"""policyEnforcementMode\\*["']?\s*:\s*\\*["']?never""")
_ELSEWHERE: Final = re.compile(r'"(?:valuesFrom|valueFiles|valuesFiles|valuesFile|additionalValuesFiles|parameters)":')
_VERSION: Final = re.compile(r"-v?[0-9]")
_OPENSHIFT: Final = {"OVNKubernetes": "ovn-kubernetes", "OpenShiftSDN": "openshift-sdn"}
_K0S: Final = {"kuberouter": "kube-router", "calico": "calico", "custom": LEFT}
_KOPS: Final = {
    **{name: name for name in ("calico", "canal", "cilium", "flannel")},
    "kuberouter": "kube-router",
    "weave": "weave-net",
    "cni": LEFT,
}


class _Said(NamedTuple):
    """The plugin, and what the object does that says so."""

    plugin: str
    words: str
    places: tuple[Location, ...] = ()
    """Where; nothing for the object's name."""


_Found: TypeAlias = Iterator[_Said]


def signs_in(document: Document) -> Iterator[Sign]:
    """What an object says of the network plugin of its cluster; nothing for nearly all objects."""
    group = document.api_version.rpartition("/")[0]
    reader = _READERS.get((group, document.kind))
    if reader is None:
        return
    for said in reader(document.root):
        meta = read(document, group, cluster_wide=document.kind in CONFIGURATIONS)
        at = said.places[0] if said.places else meta.at
        yield Sign(said.plugin, f"{_called(meta.ref)} {said.words}", meta.ref, at)


def _agent(root: Mapping) -> _Found:
    """A DaemonSet that runs a plugin's agent; an image that is known says more than a name."""
    spec = at_path(root, "spec", "template", "spec")
    containers = list(mappings(spec.get("containers"))) if isinstance(spec, Mapping) else []
    images = [(container, text(container.get("image"))) for container in containers]
    by_image = {plugin: found for found in images if (plugin := _of_image(found[1]))}
    if "calico" in by_image and "flannel" in by_image:
        by_image = {"canal": by_image["calico"]}
    if "aws-vpc-cni" in by_image and any(_runs_agent(container) for container in containers):
        by_image = {_AGENT: by_image["aws-vpc-cni"]}
    for plugin, (container, image) in by_image.items():
        is_off = plugin == "kube-router" and "--run-firewall=false" in _arguments(container)
        yield _Said(ANOTHER if is_off else plugin, f"runs {image}")
    if not by_image and not any(image for _, image in images):
        name = text(at_path(root, "metadata", "name"))
        plugin = _by_name().get(name, "")
        if plugin:
            yield _Said(plugin, f"is what {known()[plugin].title} is named")


def _runs_agent(container: Mapping) -> bool:
    return "--enable-network-policy=true" in _arguments(container)


def _arguments(container: Mapping) -> frozenset[str]:
    found = (container.get("args"), container.get("command"))
    return frozenset(text(item) for node in found if isinstance(node, Sequence) for item in node)


def _of_image(image: str) -> str:
    """The plugin whose agent is in an image, by the last part of its name or the last two; "" for any other."""
    parts = image.partition("@")[0].split("/")
    parts[-1] = parts[-1].partition(":")[0]
    return _by_image().get("/".join(parts[-2:]), "") or _by_image().get(parts[-1], "")


@cache
def _by_image() -> AnyMapping[str, str]:
    return {image: plugin.name for plugin in known().values() for image in plugin.images}


@cache
def _by_name() -> AnyMapping[str, str]:
    return {name: plugin.name for plugin in known().values() for name in plugin.names}


@cache
def _by_chart() -> AnyMapping[str, str]:
    return {chart: plugin.name for plugin in known().values() for chart in plugin.charts}


def _chart(root: Mapping) -> _Found:
    """A chart that Flux, Argo CD or k3s installs, by its name; its values may say more."""
    spec = root.get("spec")
    sources = at_path(spec, "sources")
    charts = [at_path(spec, "chart", "spec", "chart"), at_path(spec, "chart"), at_path(spec, "source", "chart")]
    charts += [source.get("chart") for source in mappings(sources)]
    written = {chart.pointer: text(chart) for chart in charts if isinstance(chart, Scalar)}
    for chart in written.values():
        plugin = _by_chart().get(_without_version(chart.rpartition("/")[2]), "")
        if plugin and isinstance(spec, Mapping):
            yield _Said(_with_values(plugin, plain_data(spec)), f"installs the chart {chart}")


def _without_version(name: str) -> str:
    """The name of a chart of which the name of its archive is given, such as `cilium-1.16.0.tgz`."""
    return _VERSION.split(name, maxsplit=1)[0] if name.endswith(".tgz") else name


def chart_sign(name: str, values: object, words: str, at: Location) -> Iterator[Sign]:
    """What the name of a chart with its values says that is not an object; nothing for nearly all charts."""
    plugin = _by_chart().get(name, "")
    if plugin:
        yield Sign(_with_values(plugin, values), words, ObjectRef("", "", "", ""), at)


def _with_values(plugin: str, values: object) -> str:
    """The plugin as the values of its chart leave it; not known where they stand in other files."""
    if plugin not in ("aws-vpc-cni", "flannel", "cilium"):
        return plugin
    import json

    written = json.dumps(values, default=str)
    if plugin == "cilium":
        return ANOTHER if _NEVER.search(written) else plugin
    if _ELSEWHERE.search(written):
        return ANOTHER
    if plugin == "aws-vpc-cni" and _AGENT_ON.search(written):
        return _AGENT
    return ANOTHER if plugin == "flannel" and "netpol" in written else plugin


def _kind(root: Mapping) -> _Found:
    off = at_path(root, "networking", "disableDefaultCNI")
    if text(off) == "true":
        yield _Said(LEFT, "leaves the network plugin to others", _place(off))
    else:
        yield _Said("kindnet", "leaves the network to kindnet")


def _kops(root: Mapping) -> _Found:
    networking = at_path(root, "spec", "networking")
    for key, _, value in networking if isinstance(networking, Mapping) else ():
        yield _Said(_KOPS.get(key, ANOTHER), f"has the network {key}", (value.location,))


def _k3d(root: Mapping) -> _Found:
    extra = at_path(root, "options", "k3s", "extraArgs")
    arguments = [argument for entry in mappings(extra) if isinstance(argument := entry.get("arg"), Scalar)]
    flags = dict(argument.text.removeprefix("--").partition("=")[::2] for argument in arguments)
    is_off = flags.get("disable-network-policy", "false") in ("", "true")
    at = tuple(argument.location for argument in arguments if "disable-network-policy" in argument.text)
    backend = flags.get("flannel-backend", "")
    yield _Said(k3s_plugin(backend, is_off=is_off), k3s_words(backend, is_off=is_off), at)


def _eksctl(root: Mapping) -> _Found:
    for addon in mappings(root.get("addons")):
        name = addon.get("name")
        if text(name) == "vpc-cni":
            is_on = _AGENT_ON.search(text(addon.get("configurationValues")))
            words = "with" if is_on else "without"
            yield _Said(
                _AGENT if is_on else "aws-vpc-cni", f"has the add-on vpc-cni {words} enableNetworkPolicy", _place(name)
            )


def _named(node: Node | Missing, names: AnyMapping[str, str]) -> _Found:
    if text(node):
        yield _Said(names.get(text(node), ANOTHER), f"has the network {text(node)}", _place(node))


def _place(node: Node | Missing) -> tuple[Location, ...]:
    return (node.location,) if isinstance(node, Scalar) else ()


def _called(ref: ObjectRef) -> str:
    return f"{ref.kind} {ref.name}" if ref.name else ref.kind


def _k0s(root: Mapping) -> _Found:
    return _named(at_path(root, "spec", "network", "provider"), _K0S)


def _openshift_operator(root: Mapping) -> _Found:
    return _named(at_path(root, "spec", "defaultNetwork", "type"), _OPENSHIFT)


def _openshift(root: Mapping) -> _Found:
    return _named(at_path(root, "spec", "networkType"), _OPENSHIFT)


def _configured(root: Mapping) -> _Found:
    switch = at_path(root, "data", "enable-network-policy-controller")
    if text(at_path(root, "metadata", "name")) == "amazon-vpc-cni" and text(switch) == "true":
        yield _Said(_AGENT, "switches policies of the Amazon VPC CNI on", _place(switch))
    for plugin, written in configured(root.get("data")):
        yield _Said(plugin, f"configures {known()[plugin].title} on the nodes", _place(written))


def _talos_flannel(root: Mapping) -> _Found:
    """What Talos does beside its Flannel; that it installs it at all, the machine configuration says."""
    switch = root.get("kubeNetworkPoliciesEnabled")
    if text(switch) == "true":
        yield _Said("kube-network-policies", "has Talos enforce policies beside Flannel", _place(switch))


def _fetched(root: Mapping) -> _Found:
    """A chart that a HelmRelease refers to by this object. Its values stand in that."""
    url = at_path(root, "spec", "url")
    plugin = _by_chart().get(text(url).rpartition("/")[2], "")
    if plugin:
        decides = known()[plugin].answer(POLICIES).word != "no"
        yield _Said(plugin if decides else ANOTHER, f"fetches the chart {text(url)}", _place(url))


def _customised(root: Mapping) -> _Found:
    """Values for a chart that RKE2 installs: it must have the chart's name."""
    name = at_path(root, "metadata", "name")
    plugin = _by_chart().get(text(name), "")
    if plugin and text(name).startswith("rke2-"):
        yield _Said(plugin, "has values for the network plugin that RKE2 installs")


def _calico(_: Mapping) -> _Found:
    yield _Said("calico", "installs Calico")


_READERS: Final[AnyMapping[tuple[str, str], Callable[[Mapping], _Found]]] = {
    ("apps", "DaemonSet"): _agent,
    ("extensions", "DaemonSet"): _agent,
    ("argoproj.io", "Application"): _chart,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): _chart,
    ("helm.cattle.io", "HelmChart"): _chart,
    ("kind.x-k8s.io", "Cluster"): _kind,
    ("kops.k8s.io", "Cluster"): _kops,
    ("k3d.io", "Simple"): _k3d,
    ("eksctl.io", "ClusterConfig"): _eksctl,
    ("k0s.k0sproject.io", "ClusterConfig"): _k0s,
    ("operator.openshift.io", "Network"): _openshift_operator,
    ("config.openshift.io", "Network"): _openshift,
    ("operator.tigera.io", "Installation"): _calico,
    ("helm.cattle.io", "HelmChartConfig"): _customised,
    ("", "ConfigMap"): _configured,
    ("", "KubeFlannelCNIConfig"): _talos_flannel,
    ("source.toolkit.fluxcd.io", "OCIRepository"): _fetched,
}
