"use strict";
(() => {
  const LARGEST_MATRIX = 40;
  const ROW = 30;
  const data = JSON.parse(document.getElementById("data").textContent);
  const state = { unit: 0, focus: "", search: "", port: "" };
  const byId = (id) => document.getElementById(id);

  /** An element with attributes and children; text only ever becomes text. */
  function make(name, attributes, ...children) {
    const svg = ["svg", "g", "path", "rect", "text", "title"].includes(name);
    const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") element.addEventListener("click", value);
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  function portText(ports) {
    if (ports === "all") return "all ports";
    return ports.map((p) => `${p.protocol}/${p.from}${p.to === p.from ? "" : "-" + p.to}`).join(", ");
  }

  /** The filter `8080`, `UDP/53`, `UDP` or nothing, as a test of a port list. */
  function portFilter(text) {
    const match = /^\s*(?:([a-z]+)\s*\/?\s*)?(\d+)?\s*$/i.exec(text);
    if (!text.trim()) return () => true;
    if (!match) return () => false;
    const protocol = (match[1] || "").toUpperCase();
    const number = match[2] ? Number(match[2]) : 0;
    return (ports) => ports === "all" || ports.some((p) =>
      (!protocol || p.protocol === protocol) && (!number || (p.from <= number && number <= p.to)));
  }

  function visible() {
    const unit = data.units[state.unit];
    const fits = portFilter(state.port);
    const connections = unit.connections.filter((c) => fits(c.ports) || (c.unknown && fits(c.unknown)));
    return { unit, connections };
  }

  function kindOf(connection) {
    if (connection.ports === "all") return "all";
    return connection.ports.length ? "some" : "unknown";
  }

  function showEndpoints(unit) {
    const list = byId("endpoints");
    const wanted = state.search.toLowerCase();
    const groups = new Map();
    for (const endpoint of unit.endpoints) {
      if (!endpoint.id.toLowerCase().includes(wanted)) continue;
      const group = endpoint.namespace || "Addresses outside";
      groups.set(group, [...(groups.get(group) || []), endpoint]);
    }
    const parts = [];
    for (const [group, endpoints] of [...groups].sort()) {
      parts.push(make("h2", {}, group));
      for (const endpoint of endpoints) {
        parts.push(make("button", {
          type: "button", title: endpoint.id, "aria-pressed": String(endpoint.id === state.focus),
          on: () => { state.focus = state.focus === endpoint.id ? "" : endpoint.id; show(); },
        }, label(endpoint)));
      }
    }
    list.replaceChildren(...(parts.length ? parts : [make("p", { class: "soft" }, "No endpoint has this in its name.")]));
  }

  const label = (endpoint) => endpoint.name ? `${endpoint.name} (${endpoint.kind})` : endpoint.id;

  function matrix(unit, connections) {
    const among = new Map(connections.map((c) => [c.from + "\n" + c.to, c]));
    const head = make("tr", {}, make("th", {}, "from \\ to"), ...unit.endpoints.map((e) => make("th", { title: e.id }, make("span", {}, e.id))));
    const rows = unit.endpoints.map((from) => make("tr", {}, make("th", { title: from.id }, from.id), ...unit.endpoints.map((to) => {
      if (from === to) return make("td", { class: "cell self" });
      const connection = among.get(from.id + "\n" + to.id);
      if (!connection) return make("td", { class: "cell" });
      const text = kindOf(connection) === "all" ? "all" : kindOf(connection) === "unknown" ? "?" : String(connection.ports[0].from) + (connection.ports.length > 1 ? "+" : "");
      return make("td", { class: "cell" }, make("button", {
        type: "button", class: kindOf(connection), title: `${from.id} to ${to.id}: ${portText(connection.ports)}`, on: () => explain(connection),
      }, text));
    })));
    return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  }

  function list(connections) {
    return make("ul", {}, ...connections.map((c) => make("li", { class: "edge" }, make("button", { type: "button", on: () => explain(c) },
      `${c.from} \u2192 ${c.to}: ${portText(c.ports)}`))));
  }

  function star(centre, connections) {
    const incoming = connections.filter((c) => c.to === centre);
    const outgoing = connections.filter((c) => c.from === centre);
    const height = Math.max(incoming.length, outgoing.length, 3) * ROW + 60;
    const svg = make("svg", { viewBox: `0 0 1000 ${height}`, height: String(height), role: "img" });
    const box = (x, y, id, name) => make("g", { class: name, on: () => { state.focus = id; show(); } },
      make("rect", { x: String(x), y: String(y - 11), width: "280", height: "22", rx: "5" }),
      make("text", { x: String(x + 8), y: String(y + 4) }, id.length > 38 ? "\u2026" + id.slice(-37) : id), make("title", {}, id));
    const edge = (x1, y1, x2, y2, connection) => {
      const d = `M${x1},${y1} C${x1 + 40},${y1} ${x2 - 40},${y2} ${x2},${y2}`;
      return make("g", { class: "edge", on: () => explain(connection) },
        make("path", { d, class: kindOf(connection) }), make("path", { d, class: "hit" }), make("title", {}, portText(connection.ports)));
    };
    svg.append(make("text", { x: "0", y: "14" }, `${incoming.length} may reach it`), make("text", { x: "720", y: "14" }, `it may reach ${outgoing.length}`));
    const middle = height / 2;
    incoming.forEach((c, i) => svg.append(edge(280, 40 + i * ROW, 360, middle, c), box(0, 40 + i * ROW, c.from, "node")));
    outgoing.forEach((c, i) => svg.append(edge(640, middle, 720, 40 + i * ROW, c), box(720, 40 + i * ROW, c.to, "node")));
    svg.append(box(360, middle, centre, "node centre"));
    return svg;
  }

  function explain(connection) {
    const side = (title, sideData, open) => [make("h2", {}, title), sideData && sideData.length
      ? make("ul", {}, ...sideData.map((rule) => make("li", {}, make("code", {}, `${rule.policy} ${rule.rule}`), make("div", { class: "soft" },
        rule.location ? `${rule.location.path}:${rule.location.line}` : ""))))
      : make("p", { class: "soft" }, open)];
    const why = connection.why || {};
    byId("detail").replaceChildren(
      make("dl", {}, make("dt", {}, "From"), make("dd", {}, make("code", {}, connection.from)), make("dt", {}, "To"), make("dd", {}, make("code", {}, connection.to)),
        make("dt", {}, "Allowed"), make("dd", {}, connection.ports.length ? portText(connection.ports) : "nothing for certain"),
        ...(connection.unknown ? [make("dt", {}, "Left to the network plugin"), make("dd", {}, portText(connection.unknown))] : [])),
      ...side("Rules that let it out", why.egress, "No policy restricts what the source sends."),
      ...side("Rules that let it in", why.ingress, "No policy restricts what the destination receives."));
  }

  function show() {
    const { unit, connections } = visible();
    showEndpoints(unit);
    const wanted = state.search.toLowerCase();
    const found = connections.filter((c) => c.from.toLowerCase().includes(wanted) || c.to.toLowerCase().includes(wanted));
    const view = state.focus && unit.endpoints.some((e) => e.id === state.focus) ? star(state.focus, connections)
      : unit.endpoints.length <= LARGEST_MATRIX && !wanted ? matrix(unit, found) : list(found);
    byId("view").replaceChildren(view);
  }

  data.units.forEach((unit, index) => byId("unit").append(make("option", { value: String(index) }, unit.unit)));
  byId("unit").addEventListener("change", (event) => { state.unit = Number(event.target.value); state.focus = ""; show(); });
  byId("search").addEventListener("input", (event) => { state.search = event.target.value; show(); });
  byId("port").addEventListener("input", (event) => { state.port = event.target.value; show(); });
  byId("everything").addEventListener("click", () => {
    Object.assign(state, { focus: "", search: "", port: "" });
    byId("search").value = "";
    byId("port").value = "";
    show();
  });
  if (data.units.length) show();
})();
