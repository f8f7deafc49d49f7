// The map as SVG: what part of it is seen, its signs, names and lines. `m` is what the parts of one map share.
const TURNS = { square: [4, Math.PI / 4], diamond: [4, 0], triangle: [3, -Math.PI / 2], hexagon: [6, 0] };
const SIDES = { both: ["", "#1a1a1a"], a: ["10 5", "#0072b2"], b: ["2 5", "#b34700"] };
const shape = (tag, attributes, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
};

function sign({ colour, lead, shape: form }) {
  const ink = { class: "gbo-map-sign", fill: colour, "stroke-width": lead ? 4 : 1.6 };
  if (!TURNS[form]) return shape("circle", { r: SIGN, ...ink });
  const [corners, turn] = TURNS[form], r = SIGN * 1.25, angles = Array.from({ length: corners }, (_, i) => turn + (2 * Math.PI * i) / corners);
  return shape("polygon", { points: angles.map((a) => `${(r * Math.cos(a)).toFixed(1)},${(r * Math.sin(a)).toFixed(1)}`).join(" "), ...ink });
}

function mapDrawing(m) {
  const { svg, words } = m, nodes = new Map(), lines = new Map();
  const layer = Object.fromEntries(["ties", "nodes", "names", "over"].map((name) => [name, shape("g", { class: `gbo-map-layer-${name}` })]));
  const arrow = shape("marker", { id: `${m.me}-arrow`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 10, markerHeight: 10,
    markerUnits: "userSpaceOnUse", orient: "auto" }, shape("path", { d: "M0 0 8 4 0 8z" }));
  svg.append(shape("defs", {}, arrow), ...Object.values(layer));

  // ---- what part is seen
  const size = () => [svg.clientWidth || 900, svg.clientHeight || 560];
  const scale = () => size()[0] / m.view.w;
  const high = () => (m.view.w * size()[1]) / size()[0];
  const toScreen = ([x, y]) => [(x - m.view.x) * scale(), (y - m.view.y) * scale()];
  const toMap = ({ clientX, clientY }) => {
    const edge = svg.getBoundingClientRect();
    return [m.view.x + (clientX - edge.left) / scale(), m.view.y + (clientY - edge.top) / scale()];
  };
  const middleOfView = () => [m.view.x + m.view.w / 2, m.view.y + high() / 2];
  function look(next = m.view, auto = m.auto) {
    Object.assign(m, { view: next, auto });
    svg.setAttribute("viewBox", [next.x, next.y, next.w, high()].join(" "));
    draw();
  }
  function fit() {
    const ids = m.order(), spots = Object.fromEntries(ids.map((id) => [id, m.spot(id)]));
    const edge = ids.length ? frame(ids, spots, m.boxes) : { left: 0, right: 0, top: 0, bottom: 0 };
    const [wide, tallest] = size(), free = (wide - 56) / wide;  // the buttons in the corner cover no name
    const needed = [(edge.right - edge.left + 24) / free, ((edge.bottom - edge.top + 24) * wide) / (tallest - 36)];
    const w = Math.max(...needed, wide / 1.3);
    look({ w, x: (edge.left + edge.right - w * free) / 2, y: (edge.top + edge.bottom - (w * (tallest - 36)) / wide) / 2 }, true);
  }
  function zoom(by, [x, y] = middleOfView()) {
    const w = Math.min(20000, Math.max(200, m.view.w * by)), part = w / m.view.w;
    look({ w, x: x - (x - m.view.x) * part, y: y - (y - m.view.y) * part }, false);
  }
  function outside(id) {
    const [x, y] = toScreen(m.spot(id)), [wide, tallest] = size();
    return x < 30 || y < 30 || x > wide - 30 || y > tallest - 60;
  }
  const show = (id) => { if (outside(id)) look({ ...m.view, x: m.spot(id)[0] - m.view.w / 2, y: m.spot(id)[1] - high() / 2 }, false); };

  // ---- signs, names, lines
  function newNode(id) {
    const node = { g: shape("g", { class: "gbo-map-node", role: "button" }), name: shape("text", { class: "gbo-map-name", "aria-hidden": "true" }) };
    node.g.dataset.id = node.name.dataset.id = id;
    nodes.set(id, node);
    layer.nodes.append(node.g);
    layer.names.append(node.name);
    return node;
  }
  function drawNode(id, grow, letters) {
    const item = m.orgs()[id], node = nodes.get(id) ?? newNode(id), [x, y] = m.spot(id) ?? [0, 0];
    if (node.item !== item) {
      node.item = item;
      node.name.replaceChildren(...m.boxes[id].lines.map((line) => shape("tspan", { x: 0, dy: "1.15em" }, line)));
      const mark = ["a", "b"].includes(item.side) ? item.side.toUpperCase() : String(item.n);
      const number = shape("text", { class: "gbo-map-number", y: item.shape === "triangle" ? 6 : 4 }, mark);
      node.g.replaceChildren(shape("title", {}, item.name), shape("circle", { class: "gbo-map-halo", r: REACH }), sign(item), number);
      node.g.dataset.side = item.side ?? "";
    }
    const said = fill(words.node, { name: item.name, n: item.n, sector: item.label, ties: m.near[id].length });
    node.g.setAttribute("aria-label", item.lead ? `${said} ${words.lead}` : said);
    node.g.setAttribute("transform", `translate(${x} ${y}) scale(${grow.toFixed(3)})`);
    node.name.setAttribute("transform", `translate(${x} ${y + SIGN * grow + 2}) scale(${letters.toFixed(3)})`);
  }
  function newLine(key) {
    const line = shape("g", { class: "gbo-map-tie" }, shape("path", { class: "gbo-map-hit" }), shape("path", { class: "gbo-map-line" }));
    line.dataset.key = key;
    lines.set(key, line);
    layer.ties.append(line);
    return line;
  }
  function drawTie(key, item, side, width, grow) {
    const line = lines.get(key) ?? newLine(key), path = line.lastChild, { directed, over, kinds } = m.whole();
    const a = m.spot(item.source) ?? [0, 0], b = m.spot(item.target) ?? [0, 0], long = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const [ux, uy] = [(b[0] - a[0]) / long, (b[1] - a[1]) / long], off = side * (item.source < item.target ? 1 : -1);
    const trim = directed && !over ? (SIGN + 4) * grow : 0;
    const d = `M${a[0] - uy * off} ${a[1] + ux * off}L${b[0] - uy * off - ux * trim} ${b[1] + ux * off - uy * trim}`;
    for (const part of line.children) part.setAttribute("d", d);
    const [dash, colour] = SIDES[item.side] ?? [kinds[item.kind]?.dash, kinds[item.kind]?.colour];
    for (const [name, value] of Object.entries({ stroke: colour, "stroke-dasharray": dash, "stroke-width": width })) path.setAttribute(name, value);
    if (trim) path.setAttribute("marker-end", `url(#${m.me}-arrow)`); else path.removeAttribute("marker-end");
  }
  function drawTies(visible, grow, thin) {  // ties of one pair lie beside each other
    const most = Math.max(0, ...visible.map(([, item]) => item.strength ?? 0)), pairs = {};
    for (const [key, item] of visible) (pairs[[item.source, item.target].sort().join("\n")] ??= []).push([key, item]);
    for (const pair of Object.values(pairs)) pair.forEach(([key, item], i) => {
      const width = item.side ? 3 : item.strength && most ? 1 + (3.5 * item.strength) / most : 2.2;
      drawTie(key, item, (i - (pair.length - 1) / 2) * 7 * grow, width * thin, grow);
    });
  }
  function named(letters) {  // seen from far, a name that would cover another is left out
    const kept = [];
    for (const id of [...m.order()].sort((a, b) => m.near[b].length - m.near[a].length)) {
      const box = { half: m.boxes[id].half * letters, down: m.boxes[id].down * letters };
      if (!kept.some(([other, place]) => clash(box, m.spot(id), other, place))) kept.push([box, m.spot(id), id]);
    }
    return new Set(kept.map(([, , id]) => id));
  }
  function draw() {
    const all = m.order(), far = scale() < 0.5, visible = m.shownTies(), seen = new Set(visible.map(([key]) => key));
    const grow = far ? Math.min(1.6, 0.7 / scale()) : 1, letters = far ? 0.8 / scale() : 1, crowded = visible.length > 4 * all.length;
    for (const [id, node] of nodes) if (!m.orgs()[id]) { node.g.remove(); node.name.remove(); nodes.delete(id); }
    for (const [key, line] of lines) if (!seen.has(key)) { line.remove(); lines.delete(key); }
    svg.classList.toggle("gbo-map-crowded", crowded);
    svg.style.setProperty("--grow", grow);
    drawTies(visible, grow, crowded ? 0.5 : 1);
    for (const id of all) drawNode(id, grow, letters);
    const shown = far ? named(letters) : null;
    for (const id of all) nodes.get(id).name.classList.toggle("gbo-map-nameless", shown !== null && !shown.has(id));
    m.empty.hidden = all.length > 0;
    paint();
  }
  function paint() {  // what is picked, pointed at, cut off
    const centre = m.hover ?? m.picked, gone = m.picked && m.cut ? m.cut.gone : [];
    if (!m.orgs()[m.current]) m.current = m.order()[0] ?? null;
    for (const [id, { g, name }] of nodes) {
      const marks = {
        seen: id === m.hover || id === m.picked || (scale() > 0.7 && m.near[m.picked]?.includes(id)) || g.contains(document.activeElement),
        lead: m.orgs()[id].lead,
        picked: id === m.picked,
        cut: gone.includes(id),
        dim: centre && id !== centre && !m.near[centre]?.includes(id) && !gone.includes(id),
      };
      for (const [mark, yes] of Object.entries(marks)) for (const part of [g, name]) part.classList.toggle(`gbo-map-${mark}`, !!yes);
      g.setAttribute("tabindex", id === m.current ? 0 : -1);
      g.setAttribute("aria-pressed", id === m.picked);
    }
    for (const [key, g] of lines) {
      const { source, target } = m.scene().ties[key];
      g.classList.toggle("gbo-map-chosen", key === m.tie);
      g.classList.toggle("gbo-map-dim", !!centre && source !== centre && target !== centre);
    }
  }
  return { layer, nodes, scale, toScreen, toMap, middleOfView, look, fit, zoom, outside, show, draw, paint };
}
