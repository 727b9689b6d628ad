"use strict";
(() => {
  const LARGEST_MATRIX = 40;
  const AT_ONCE = 200;
  const ROW = 30;
  const data = JSON.parse(document.getElementById("data").textContent);
  const state = { unit: 0, focus: "", search: "", port: "", edge: "" };
  const byId = (id) => document.getElementById(id);
  const SVG = new Set(["svg", "g", "path", "rect", "text", "title"]);

  /** An element with attributes and children; text only ever becomes text. */
  function make(name, attributes, ...children) {
    const element = SVG.has(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") act(element, name, value);
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  function act(element, name, what) {
    element.addEventListener("click", what);
    if (name !== "g") return;
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.addEventListener("keydown", (event) => { if (event.key === "Enter") what(); });
  }

  // -- the data: groups of endpoints that are treated alike ------------------------------------------------

  const units = data.units.map((raw) => {
    const endpoints = raw.endpoints.map(([id, kind, namespace, name], place) => ({ id, kind, namespace, name, place, group: 0 }));
    raw.groups.forEach((places, number) => places.forEach((place) => { endpoints[place].group = number; }));
    return { ...raw, endpoints, byId: new Map(endpoints.map((e) => [e.id, e])) };
  });

  /** The groups of a set, which is kept as runs: first member, length, first member, length, ... */
  function* members(runs) {
    for (let i = 0; i < runs.length; i += 2) {
      for (let group = runs[i]; group < runs[i] + runs[i + 1]; group += 1) yield group;
    }
  }

  function has(runs, group) {
    for (let i = 0; i < runs.length && runs[i] <= group; i += 2) if (group < runs[i] + runs[i + 1]) return true;
    return false;
  }

  const connection = (from, to, ports, unknown) => ({ from, to, ports: data.ports[ports], unknown: data.ports[unknown] });

  /** What an endpoint may open to others, each connection made when it is asked for. */
  function* outOf(unit, from) {
    for (const [set, ports, unknown] of unit.rows[unit.row[from.group]]) {
      for (const group of members(unit.sets[set])) {
        for (const place of unit.groups[group]) {
          if (place !== from.place) yield connection(from, unit.endpoints[place], ports, unknown);
        }
      }
    }
  }

  /** The flow of a row that reaches a group, if any. */
  const flowTo = (unit, row, group) => unit.rows[row].find(([set]) => has(unit.sets[set], group));

  function* into(unit, to) {
    const flows = unit.rows.map((_, row) => flowTo(unit, row, to.group));
    for (const [group, places] of unit.groups.entries()) {
      const flow = flows[unit.row[group]];
      if (!flow) continue;
      for (const place of places) if (place !== to.place) yield connection(unit.endpoints[place], to, flow[1], flow[2]);
    }
  }

  function find(unit, from, to) {
    const flow = from === to ? undefined : flowTo(unit, unit.row[from.group], to.group);
    return flow ? connection(from, to, flow[1], flow[2]) : null;
  }

  // -- ports ----------------------------------------------------------------------------------------------

  function portText(ports) {
    if (ports === "all") return "all ports";
    return ports.map((p) => p.from === 1 && p.to === 65535 ? `all ${p.protocol}` : `${p.protocol}/${p.from}${p.to === p.from ? "" : "-" + p.to}`).join(", ");
  }

  /** The filter `8080`, `UDP/53`, `UDP` or nothing, as a test of a connection. */
  function portFilter(text) {
    if (!text.trim()) return () => true;
    const match = /^\s*(?:(tcp|udp|sctp)\s*\/?\s*)?(\d+)?\s*$/i.exec(text);
    byId("port").setAttribute("aria-invalid", String(!match));
    if (!match) return () => false;
    const protocol = (match[1] || "").toUpperCase();
    const number = match[2] ? Number(match[2]) : 0;
    const fits = (ports) => ports === "all" || ports.some((p) =>
      (!protocol || p.protocol === protocol) && (!number || (p.from <= number && number <= p.to)));
    return (c) => fits(c.ports) || fits(c.unknown);
  }

  const isSome = (ports) => ports === "all" || ports.length > 0;
  const kindOf = (c) => c.ports === "all" ? "all" : c.ports.length ? "some" : "unknown";

  function ports(c) {
    const sure = isSome(c.ports) ? portText(c.ports) : "";
    return sure + (isSome(c.unknown) ? `${sure ? "; " : ""}unknown: ${portText(c.unknown)}` : "");
  }

  function short(c) {
    if (c.ports === "all") return "all";
    if (!c.ports.length) return "?";
    return String(c.ports[0].from) + (c.ports.length > 1 || c.ports[0].to !== c.ports[0].from ? "+" : "");
  }

  // -- views ----------------------------------------------------------------------------------------------

  const label = (endpoint) => endpoint.name ? `${endpoint.name} (${endpoint.kind})` : endpoint.id;
  const brief = (endpoint) => endpoint.name && endpoint.namespace ? `${endpoint.namespace}/${endpoint.name}` : endpoint.id;
  const matches = (endpoint) => endpoint.id.toLowerCase().includes(state.search.toLowerCase());

  /** The first elements of many, and a button for more. */
  function some(parent, items, show) {
    const iterator = items[Symbol.iterator]();
    const more = make("button", { type: "button", class: "more", on: next }, "Show more");
    let item = iterator.next();
    function next() {
      const shown = [];
      for (; !item.done && shown.length < AT_ONCE; item = iterator.next()) shown.push(show(item.value));
      more.remove();
      parent.append(...shown);
      if (!item.done) parent.append(more);
    }
    next();
    return parent;
  }

  function showEndpoints(unit) {
    const groups = new Map();
    for (const endpoint of unit.endpoints) {
      if (!matches(endpoint)) continue;
      const title = endpoint.kind === "CIDR" ? "Addresses outside" : endpoint.namespace || "New namespaces";
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(endpoint);
    }
    const parts = [];
    for (const [title, endpoints] of groups) {
      parts.push(make("h2", {}, title), some(make("div", {}), endpoints, (endpoint) => make("button", {
        type: "button", title: endpoint.id, "aria-pressed": String(endpoint.id === state.focus),
        on: () => set({ focus: state.focus === endpoint.id ? "" : endpoint.id, edge: "" }),
      }, label(endpoint))));
    }
    byId("endpoints").replaceChildren(...(parts.length ? parts : [make("p", { class: "soft" }, "No endpoint has this in its name.")]));
  }

  function matrix(unit, fits) {
    const head = make("tr", {}, make("th", {}, "from \\ to"), ...unit.endpoints.map((e) => make("th", { title: e.id, scope: "col" }, make("span", {}, brief(e)))));
    const rows = unit.endpoints.map((from) => {
      const row = new Map();
      for (const c of outOf(unit, from)) if (fits(c)) row.set(c.to, c);
      return make("tr", {}, make("th", { title: from.id, scope: "row" }, from.id), ...unit.endpoints.map((to) => {
        if (from === to) return make("td", { class: "cell self" });
        const c = row.get(to);
        if (!c) return make("td", { class: "cell" });
        return make("td", { class: "cell" }, make("button", {
          type: "button", class: `${kindOf(c)}${state.edge === edgeId(c) ? " chosen" : ""}`, title: `${from.id} to ${to.id}: ${ports(c)}`, on: () => set({ edge: edgeId(c) }),
        }, short(c)));
      }));
    });
    return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  }

  function* found(unit, fits) {
    for (const from of unit.endpoints) {
      const all = matches(from);
      for (const c of outOf(unit, from)) if ((all || matches(c.to)) && fits(c)) yield c;
    }
  }

  const line = (c) => make("li", { class: "edge" }, make("button", { type: "button", on: () => set({ edge: edgeId(c) }) }, `${c.from.id} \u2192 ${c.to.id}: ${ports(c)}`));

  function star(unit, centre, fits) {
    const incoming = [...into(unit, centre)].filter(fits);
    const outgoing = [...outOf(unit, centre)].filter(fits);
    const shown = Math.min(AT_ONCE, Math.max(incoming.length, outgoing.length));
    const height = Math.max(shown, 3) * ROW + 60;
    const svg = make("svg", { viewBox: `0 0 1000 ${height}`, role: "group", "aria-label": `Connections of ${centre.id}` });
    const box = (x, y, endpoint, name) => make("g", { class: name, "aria-label": endpoint.id, on: () => set({ focus: endpoint.id, edge: "" }) },
      make("rect", { x: String(x), y: String(y - 11), width: "280", height: "22", rx: "5" }),
      make("text", { x: String(x + 8), y: String(y + 4) }, endpoint.id.length > 38 ? "\u2026" + endpoint.id.slice(-37) : endpoint.id), make("title", {}, endpoint.id));
    const edge = (x1, y1, x2, y2, c) => {
      const d = `M${x1},${y1} C${x1 + 40},${y1} ${x2 - 40},${y2} ${x2},${y2}`;
      return make("g", { class: `edge${state.edge === edgeId(c) ? " chosen" : ""}`, "aria-label": `${c.from.id} to ${c.to.id}: ${ports(c)}`, on: () => set({ edge: edgeId(c) }) },
        make("path", { d, class: kindOf(c) }), make("path", { d, class: "hit" }), make("title", {}, ports(c)));
    };
    const middle = Math.min(height / 2, 400);
    svg.append(make("text", { x: "0", y: "14" }, `${incoming.length} may open connections to it`), make("text", { x: "720", y: "14" }, `it may open connections to ${outgoing.length}`));
    incoming.slice(0, shown).forEach((c, i) => svg.append(edge(280, 40 + i * ROW, 360, middle, c), box(0, 40 + i * ROW, c.from, "node")));
    outgoing.slice(0, shown).forEach((c, i) => svg.append(edge(640, middle, 720, 40 + i * ROW, c), box(720, 40 + i * ROW, c.to, "node")));
    svg.append(box(360, middle, centre, "node centre"));
    const rest = [...incoming.slice(shown), ...outgoing.slice(shown)];
    return make("div", {}, svg, ...(rest.length ? [make("p", { class: "soft" }, `${rest.length} more:`), some(make("ul", {}), rest, line)] : []));
  }

  // -- why ------------------------------------------------------------------------------------------------

  const edgeId = (c) => `${c.from.id}\n${c.to.id}`;

  function side(title, numbers, open) {
    const rules = numbers.map((number) => {
      const [policy, tier, action, rule, at] = data.rules[number];
      return make("li", { class: "rule" }, make("div", {}, make("code", { class: "at" }, at)), make("div", {}, `${action} by `, make("code", {}, `${policy} ${rule}`)), make("div", { class: "soft" }, tier));
    });
    return [make("h2", {}, title), rules.length ? make("ul", {}, ...rules) : make("p", { class: "soft" }, open)];
  }

  function explain(unit) {
    const [from, to] = state.edge.split("\n").map((id) => unit.byId.get(id));
    const c = from && to ? find(unit, from, to) : null;
    if (!c) {
      byId("detail").replaceChildren(make("p", { class: "soft" }, "Choose a connection to see which rules decide it."));
      return;
    }
    const why = unit.why[`${from.group} ${to.group}`];
    const row = (title, value) => [make("dt", {}, title), make("dd", {}, value)];
    byId("detail").replaceChildren(
      make("dl", {}, ...row("From", make("code", {}, from.id)), ...row("To", make("code", {}, to.id)),
        ...row("Allowed", isSome(c.ports) ? portText(c.ports) : "nothing for certain"),
        ...(isSome(c.unknown) ? row("Unknown", portText(c.unknown)) : [])),
      ...(why ? [
        ...(why[2].length ? [make("h2", {}, "What is unknown"), ...why[2].map((number) => make("p", {}, data.doubts[number]))] : []),
        ...side("What lets it out", why[0], "No policy restricts what the source sends."),
        ...side("What lets it in", why[1], to.kind === "CIDR" ? "Addresses outside have no policies here." : "No policy restricts what the destination is sent."),
      ] : [make("p", { class: "soft" }, "There are too many connections to have all reasons in this page: "), make("code", {}, `netpol-lint explain ${from.id} ${to.id}`)]));
  }

  // -- state ----------------------------------------------------------------------------------------------

  function show() {
    const unit = units[state.unit];
    const fits = portFilter(state.port);
    if (!state.port.trim()) byId("port").setAttribute("aria-invalid", "false");
    const centre = unit.byId.get(state.focus);
    byId("count").textContent = `${unit.count.toLocaleString("en")} between ${unit.endpoints.length.toLocaleString("en")} endpoints`;
    byId("unit").value = String(state.unit);
    for (const name of ["search", "port"]) if (byId(name).value !== state[name]) byId(name).value = state[name];
    showEndpoints(unit);
    const overview = unit.endpoints.length <= LARGEST_MATRIX && !state.search;
    const view = centre ? star(unit, centre, fits) : overview ? matrix(unit, fits) : some(make("ul", {}), found(unit, fits), line);
    byId("view").replaceChildren(view.childElementCount ? view : make("p", { class: "soft" }, "No connection fits."));
    explain(unit);
  }

  function set(changes) {
    Object.assign(state, changes);
    const kept = new URLSearchParams(Object.entries(state).filter(([, value]) => value).map(([key, value]) => [key, String(value)]));
    history.replaceState(null, "", `#${kept}`);
    show();
  }

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const number = Number(given.get("unit") || 0);
    Object.assign(state, { unit: number in units ? number : 0 });
    for (const name of ["focus", "search", "port", "edge"]) state[name] = given.get(name) || "";
    show();
  }

  if (!units.length) {
    byId("view").replaceChildren(make("p", { class: "soft" }, "There is nothing to show."));
    return;
  }
  units.forEach((unit, index) => byId("unit").append(make("option", { value: String(index) }, unit.unit)));
  byId("unit").addEventListener("change", (event) => set({ unit: Number(event.target.value), focus: "", edge: "" }));
  byId("search").addEventListener("input", (event) => set({ search: event.target.value }));
  byId("port").addEventListener("input", (event) => set({ port: event.target.value }));
  byId("everything").addEventListener("click", () => set({ focus: "", search: "", port: "", edge: "" }));
  window.addEventListener("hashchange", read);
  read();
})();
