// The map as SVG: what part of it is seen, its signs, names and lines.
const TURNS = {
  square: [4, Math.PI / 4],
  diamond: [4, 0],
  triangle: [3, -Math.PI / 2],
  hexagon: [6, 0],
};
const SIDES = { both: ["", "#1a1a1a"], a: ["10 5", "#0072b2"], b: ["2 5", "#b34700"] };
const CLOSE = 9; // pixels from a line that still mean the line

// only what differs from what was set before goes to the page
function put(node, values) {
  node.set ??= {};
  for (const [name, value] of Object.entries(values)) {
    if (node.set[name] === value) continue;
    node.set[name] = value;
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
  return node;
}
const shape = (tag, attributes, ...children) => {
  const node = put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  node.append(...children);
  return node;
};
function sign({ colour, lead, shape: form }) {
  const ink = { class: "gbo-map-sign", fill: colour, "stroke-width": lead ? 4 : 1.6 };
  if (!TURNS[form]) return shape("circle", { r: SIGN, ...ink });
  const [corners, turn] = TURNS[form];
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners;
    const at = [Math.cos(angle), Math.sin(angle)];
    return at.map((value) => (SIGN * 1.25 * value).toFixed(1)).join();
  });
  return shape("polygon", { points: points.join(" "), ...ink });
}
// of a line: what nobody said is thin as a hair where the lines show trust
function thickness(value, shows, most) {
  if (shows === "trust") return value ? 1 + 1.2 * value : 1;
  return value && most ? 1 + (3.5 * value) / most : 2.2;
}
// how far a point lies from a line between two others
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const part = Math.max(0, Math.min(1, along));
  return Math.hypot(x - ax - part * dx, y - ay - part * dy);
}

class MapDrawing {
  constructor(map) {
    this.map = map;
    this.view = { x: 0, y: 0, w: 900 };
    this.auto = true; // all is shown, until somebody zooms or moves the paper
    this.hover = null;
    this.nodes = new Map();
    this.lines = new Map();
    const { words, me } = map;
    this.svg = shape("svg", { class: "gbo-map-svg", role: "application", "aria-label": words.label,
      "aria-describedby": `${me}-keys` });
    const names = ["chosen", "ties", "nodes", "names", "over", "handle"];
    const layers = names.map((name) => [name, shape("g", { class: `gbo-map-layer-${name}` })]);
    this.layer = Object.fromEntries(layers);
    const arrow = shape("marker", { id: `${me}-arrow`, viewBox: "0 0 8 8", refX: 7, refY: 4,
      markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto" },
    shape("path", { d: "M0 0 8 4 0 8z" }));
    this.chosen = shape("path", { class: "gbo-map-hit" });
    this.layer.chosen.append(this.chosen);
    this.handle = shape("g", { class: "gbo-map-handle", "aria-hidden": "true" },
      shape("title", {}, words.handle), shape("circle", { r: 12 }),
      shape("path", { d: "M-6 0H6M0-6V6" }));
    this.layer.handle.append(this.handle);
    this.svg.append(shape("defs", {}, arrow), ...Object.values(this.layer));
  }

  // ---- what part is seen

  size() {
    return [this.svg.clientWidth || 900, this.svg.clientHeight || 560];
  }
  scale() {
    return this.size()[0] / this.view.w;
  }
  high() {
    const [wide, high] = this.size();
    return (this.view.w * high) / wide;
  }
  toScreen([x, y]) {
    return [(x - this.view.x) * this.scale(), (y - this.view.y) * this.scale()];
  }
  toMap({ clientX, clientY }) {
    const edge = this.svg.getBoundingClientRect();
    const away = [clientX - edge.left, clientY - edge.top].map((far) => far / this.scale());
    return [this.view.x + away[0], this.view.y + away[1]];
  }
  middle() {
    return [this.view.x + this.view.w / 2, this.view.y + this.high() / 2];
  }
  look(view = this.view, auto = this.auto) {
    this.view = view;
    this.auto = auto;
    put(this.svg, { viewBox: [view.x, view.y, view.w, this.high()].join(" ") });
    if (this.drawnAt !== this.scale()) this.draw();
  }
  fit() {
    const { map } = this;
    const spots = Object.fromEntries(map.ids.map((id) => [id, map.spot(id)]));
    const [wide, tallest] = this.size();
    const free = (wide - 56) / wide; // the buttons in the corner cover no name
    const letter = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    let [w, edge] = [wide, { left: 0, right: 0, top: 0, bottom: 0 }];
    for (let round = 0; round < 4; round++) { // seen from far, names take more room
      const letters = w > 2 * wide ? (0.8 * w) / wide : 1;
      if (map.ids.length) edge = frame(map.ids, spots, map.boxes, letters);
      const across = (edge.right - edge.left + 24) / free;
      const down = ((edge.bottom - edge.top + 24) * wide) / (tallest - 36);
      w = Math.max(across, down, wide / (1.3 * letter)); // on the wall names grow too
    }
    const y = (edge.top + edge.bottom - (w * (tallest - 36)) / wide) / 2;
    this.look({ w, x: (edge.left + edge.right - w * free) / 2, y }, true);
  }
  zoom(by, [x, y] = this.middle()) {
    const w = Math.min(20000, Math.max(200, this.view.w * by));
    const part = w / this.view.w;
    this.look({ w, x: x - (x - this.view.x) * part, y: y - (y - this.view.y) * part }, false);
  }
  outside(id) {
    const [x, y] = this.toScreen(this.map.spot(id));
    const [wide, tallest] = this.size();
    return x < 30 || y < 30 || x > wide - 30 || y > tallest - 60;
  }
  show(id) {
    if (!this.outside(id)) return;
    const [x, y] = this.map.spot(id);
    this.look({ ...this.view, x: x - this.view.w / 2, y: y - this.high() / 2 }, false);
  }

  // ---- what lies under a point of the map

  nodeAt(point, ids = this.map.ids) {
    const close = this.map.nearest(point, ids);
    return close && close[0] < REACH / Math.min(1, this.scale()) ? close[1] : null;
  }
  tieAt(point) {
    const { map } = this;
    let [best, least] = [null, CLOSE / this.scale()];
    for (const { key, source, target } of map.shownTies) {
      const far = distance(point, map.spot(source), map.spot(target));
      if (far < least) [best, least] = [key, far];
    }
    return best;
  }

  // ---- signs, names, lines

  node(id) {
    if (this.nodes.has(id)) return this.nodes.get(id);
    const g = shape("g", { class: "gbo-map-node", role: "button" });
    const name = shape("text", { class: "gbo-map-name", "aria-hidden": "true" });
    g.dataset.id = id;
    name.dataset.id = id;
    this.nodes.set(id, { g, name });
    this.layer.nodes.append(g);
    this.layer.names.append(name);
    return this.nodes.get(id);
  }
  drawSign(item) {
    const { words, near, boxes } = this.map;
    const node = this.node(item.id);
    const ties = near[item.id].length;
    const said = fill(words.node, { name: item.name, n: item.n, sector: item.label, ties });
    put(node.g, { "aria-label": item.lead ? `${said} ${words.lead}` : said });
    const looks = JSON.stringify(item);
    if (node.looks === looks) return;
    node.looks = looks;
    const lines = boxes[item.id].lines.map((line) => shape("tspan", { x: 0, dy: "1.15em" }, line));
    node.name.replaceChildren(...lines);
    const mark = ["a", "b"].includes(item.side) ? item.side.toUpperCase() : String(item.n);
    const y = item.shape === "triangle" ? 6 : 4;
    node.g.replaceChildren(shape("title", {}, item.name),
      shape("circle", { class: "gbo-map-halo", r: REACH }),
      sign(item), shape("text", { class: "gbo-map-number", y }, mark));
    node.g.dataset.side = item.side ?? "";
  }
  drawTie(item, beside, width, grow) {
    const { map } = this;
    const [a, b] = [map.spot(item.source), map.spot(item.target)];
    const long = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const [ux, uy] = [(b[0] - a[0]) / long, (b[1] - a[1]) / long];
    const off = beside * (item.source < item.target ? 1 : -1);
    const trim = map.state.directed && !map.over ? (SIGN + 4) * grow : 0;
    const from = `${a[0] - uy * off} ${a[1] + ux * off}`;
    const to = `${b[0] - uy * off - ux * trim} ${b[1] + ux * off - uy * trim}`;
    const known = map.kinds.get(item.kind);
    const [dash, stroke] = SIDES[item.side] ?? [known?.dash ?? "", known?.colour ?? "#1a1a1a"];
    if (!this.lines.has(item.key)) {
      const line = shape("path", { class: "gbo-map-tie" });
      line.dataset.key = item.key;
      this.lines.set(item.key, line);
      this.layer.ties.append(line);
    }
    put(this.lines.get(item.key), {
      d: `M${from}L${to}`,
      stroke,
      "stroke-dasharray": dash,
      "stroke-width": width,
      "marker-end": trim ? `url(#${map.me}-arrow)` : null,
    });
  }
  drawTies(grow, thin) { // ties of one pair lie beside each other
    const { shownTies, shows } = this.map;
    const most = Math.max(0, ...shownTies.map((item) => item.strength ?? 0));
    const pairs = {};
    for (const item of shownTies) (pairs[item.pair] ??= []).push(item);
    for (const pair of Object.values(pairs)) {
      pair.forEach((item, i) => {
        const width = (item.side ? 3 : thickness(item[shows], shows, most)) * thin;
        this.drawTie(item, (i - (pair.length - 1) / 2) * 7 * grow, width, grow);
      });
    }
  }
  // seen from far, a name that would cover another is left out
  named(letters) {
    const { ids, near, boxes } = this.map;
    const shown = new Map();
    for (const id of [...ids].sort((a, b) => near[b].length - near[a].length)) {
      const box = edges(boxes[id], this.map.spot(id), letters);
      if (![...shown.values()].some((other) => clash(box, other))) shown.set(id, box);
    }
    return shown;
  }
  // what is no more on the map goes, what is new comes
  renew() {
    const { map } = this;
    const ties = new Set(map.shownTies.map(({ key }) => key));
    for (const [id, { g, name }] of this.nodes) {
      if (map.orgs.has(id)) continue;
      g.remove();
      name.remove();
      this.nodes.delete(id);
    }
    for (const [key, line] of this.lines) {
      if (ties.has(key)) continue;
      line.remove();
      this.lines.delete(key);
    }
    for (const item of map.orgs.values()) this.drawSign(item);
    map.empty.hidden = map.ids.length > 0;
    this.draw();
  }
  draw() {
    const { map, svg } = this;
    const scale = this.scale();
    const far = scale < 0.5;
    const grow = far ? Math.min(1.6, 0.7 / scale) : 1;
    const letters = far ? 0.8 / scale : 1;
    const crowded = map.shownTies.length > 4 * map.ids.length;
    this.drawnAt = scale;
    this.far = far ? this.named(letters) : null;
    svg.classList.toggle("gbo-map-crowded", crowded);
    svg.style.setProperty("--grow", grow);
    this.drawTies(grow, crowded ? 0.5 : 1);
    for (const id of map.ids) {
      const { g, name } = this.node(id);
      const [x, y] = map.spot(id);
      put(g, { transform: `translate(${x} ${y}) scale(${grow.toFixed(3)})` });
      const low = y + SIGN * grow + 2;
      put(name, { transform: `translate(${x} ${low}) scale(${letters.toFixed(3)})` });
    }
    this.paint();
  }
  // what is picked, pointed at, cut off
  paint() {
    const { map, hover, lines } = this;
    const { picked, current } = map;
    const centre = hover ?? picked;
    const gone = picked && map.cut ? map.cut.gone : [];
    const near = new Set(map.near[centre] ?? []);
    const close = this.scale() > 0.7 ? map.near[picked] ?? [] : [];
    const focused = document.activeElement?.closest?.(".gbo-map-node")?.dataset.id;
    for (const [id, { g, name }] of this.nodes) {
      const seen = id === hover || id === picked || id === focused || close.includes(id);
      const marks = [
        seen && "seen",
        map.orgs.get(id).lead && "lead",
        id === picked && "picked",
        gone.includes(id) && "cut",
        centre && id !== centre && !near.has(id) && !gone.includes(id) && "dim",
      ].filter(Boolean).map((mark) => ` gbo-map-${mark}`).join("");
      const tabindex = id === current ? 0 : -1;
      put(g, { class: `gbo-map-node${marks}`, tabindex, "aria-pressed": id === picked });
      const nameless = this.far && !this.far.has(id) ? " gbo-map-nameless" : "";
      put(name, { class: `gbo-map-name${marks}${nameless}` });
    }
    for (const { key, source, target } of map.shownTies) {
      const dim = centre && source !== centre && target !== centre ? " gbo-map-dim" : "";
      put(lines.get(key), { class: `gbo-map-tie${dim}` });
    }
    put(this.chosen, { d: lines.get(map.tie)?.set.d ?? "" });
    this.placeHandle(map.over ? null : centre);
  }
  // beside who is pointed at or picked; a line is drawn from it
  placeHandle(id) {
    const size = 1 / Math.min(1, this.scale());
    const [x, y] = id ? this.map.spot(id) : [0, 0];
    const place = `translate(${x + 24 * size} ${y - 24 * size}) scale(${size})`;
    this.handle.dataset.id = id ?? "";
    put(this.handle, { transform: place, visibility: id ? null : "hidden" });
  }
}

