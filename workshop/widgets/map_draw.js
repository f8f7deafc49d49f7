// The map as SVG: what part of it is seen, its signs, names and lines.
const CORNERS = { // around a circle of 5/4 SIGN; `svg.py` draws the same
  square: "11.5,11.5 -11.5,11.5 -11.5,-11.5 11.5,-11.5",
  diamond: "16.3,0 0,16.3 -16.3,0 0,-16.3",
  triangle: "0,-16.3 14.1,8.1 -14.1,8.1",
  hexagon: "16.3,0 8.1,14.1 -8.1,14.1 -16.3,0 -8.1,-14.1 8.1,-14.1",
};
const SIDES = { both: ["", "#1a1a1a"], a: ["10 5", "#0072b2"], b: ["2 5", "#b34700"] };
const CLOSE = 9; // pixels from a line that still mean the line

// only what differs from what is there goes to the page
function put(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
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
  const points = CORNERS[form];
  return points ? shape("polygon", { points, ...ink }) : shape("circle", { r: SIGN, ...ink });
}
// of a line: what nobody said is thin as a hair where the lines show trust
function thickness(value, shows, most) {
  if (shows === "trust") return value ? 1 + 1.2 * value : 1;
  return value && most ? 1 + (3.5 * value) / most : 2.2;
}
const between = (least, value, most) => Math.max(least, Math.min(most, value));
const around = ([x, y], half, down) =>
  ({ left: x - half, right: x + half, top: y - down, bottom: y + down });
// where the middle of a name may lie: below its sign, above it, beside it, and aslant
function nameSpots([x, y], away, half, down) {
  const [low, side] = [away + down, away + 3 + half];
  const aslant = [0.5, -0.5, 1, -1].map((part) => x + part * half);
  return [[x, y + low], [x, y - low], [x + side, y], [x - side, y],
    ...aslant.map((at) => [at, y + low]), ...aslant.map((at) => [at, y - low])];
}
// how far a point lies from a line between two others
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const part = between(0, along, 1);
  return Math.hypot(x - ax - part * dx, y - ay - part * dy);
}

class MapDrawing {
  constructor(map) {
    this.map = map;
    this.scale = [1, 1]; // of places to pixels, across and down
    this.at = [0, 0]; // the corner of what is seen, in pixels
    this.most = 1; // size of letters, greater on the wall
    this.air = 190; // pixels from one organisation to the next, on average
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

  // ---- what part is seen; places are kept once and drawn in frames of any shape, so that across
  // and down have a scale each, and signs and letters a size in pixels

  size() {
    return [this.svg.clientWidth || 900, this.svg.clientHeight || 560];
  }
  free() { // the buttons and the line of what was said cover no name
    const [wide, high] = this.size();
    const { offsetWidth, offsetHeight } = this.map.corner;
    if (offsetHeight > offsetWidth) return [wide - 56, high - Math.min(36, high / 12)];
    return [wide, high - 56];
  }
  letters() { // 1 is 14 pixels; never below 11
    return between(11 / 14, this.air / 132, this.most);
  }
  signs() {
    return between(0.25, this.air / 90, this.letters());
  }
  drawn(id) { // where it is drawn
    return this.toPixels(this.map.spot(id));
  }
  toPixels(place) {
    return place.map((value, axis) => value * this.scale[axis]);
  }
  toPlace(pixels) {
    return pixels.map((value, axis) => value / this.scale[axis]);
  }
  pointed({ clientX, clientY }) {
    const edge = this.svg.getBoundingClientRect();
    return [this.at[0] + clientX - edge.left, this.at[1] + clientY - edge.top];
  }
  middle() {
    return this.size().map((size, axis) => this.at[axis] + size / 2);
  }
  look(at = this.at, auto = this.auto) {
    Object.assign(this, { at, auto });
    put(this.svg, { viewBox: [...at, ...this.size()].join(" ") });
  }
  fit() {
    const { ids, boxes } = this.map;
    const free = this.free();
    this.most = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    this.air = Math.sqrt(free[0] * free[1] / Math.max(1, ids.length));
    const [sign, letter] = [REACH * this.signs(), this.letters()];
    const below = (id) => Math.min(boxes[id].down * letter, free[1] / 6);
    const after = (id, axis) => (axis ? Math.max(sign, below(id)) : sign);
    const fits = [0, 1].map((axis) => {
      const ends = ids.map((id) => [this.map.spot(id)[axis], after(id, axis)]);
      return fitLine(ends, sign, free[axis] - 8, 1.6 * this.most);
    });
    this.scale = fits.map(([scale]) => scale);
    this.look(fits.map(([, start]) => start - 4), true);
    this.draw();
  }
  zoom(wanted, point = this.middle()) {
    const by = between(8 / this.air, wanted, 900 / this.air);
    this.scale = this.scale.map((scale) => scale * by);
    this.air *= by;
    this.look(this.at.map((start, axis) => start + point[axis] * (by - 1)), false);
    this.draw();
  }
  outside(id) {
    const [x, y] = this.drawn(id).map((value, axis) => value - this.at[axis]);
    const [wide, high] = this.size();
    return x < 8 || y < 8 || x > wide - 8 || y > high - 30;
  }
  show(id) {
    if (!this.outside(id)) return;
    const size = this.size();
    this.look(this.drawn(id).map((value, axis) => value - size[axis] / 2), false);
  }

  // ---- what lies under a point, in pixels

  nodeAt(point, ids = this.map.ids) {
    const close = this.map.nearest(point, ids);
    return close && close[0] < REACH ? close[1] : null;
  }
  tieAt(point) {
    let [best, least] = [null, CLOSE];
    for (const [key, { ends }] of this.lines) { // as drawn, beside others of the same pair
      const far = distance(point, ...ends);
      if (far < least) [best, least] = [key, far];
    }
    return best;
  }

  // ---- signs, names, lines

  node(id) {
    if (this.nodes.has(id)) return this.nodes.get(id);
    const g = shape("g", { class: "gbo-map-node", role: "button", "data-id": id });
    const name = shape("text", { class: "gbo-map-name", "aria-hidden": "true", "data-id": id });
    this.nodes.set(id, { g, name });
    this.layer.nodes.append(g);
    this.layer.names.append(name);
    return this.nodes.get(id);
  }
  drawSign(item) {
    const { words, near } = this.map;
    const node = this.node(item.id);
    const ties = near[item.id].length;
    const said = fill(words.node, { name: item.name, n: item.n, sector: item.label, ties });
    const label = item.lead ? `${said} ${words.lead}` : said;
    put(node.g, { "aria-label": label, "data-side": item.side ?? "" });
    const looks = JSON.stringify(item);
    if (node.looks === looks) return;
    node.looks = looks;
    const mark = ["a", "b"].includes(item.side) ? item.side.toUpperCase() : String(item.n);
    const y = item.shape === "triangle" ? 6 : 4;
    node.g.replaceChildren(shape("title", {}, item.name),
      shape("circle", { class: "gbo-map-halo", r: REACH }),
      sign(item), shape("text", { class: "gbo-map-number", y }, mark));
  }
  drawTie(item, beside, width) {
    const { map } = this;
    const [a, b] = [this.drawn(item.source), this.drawn(item.target)];
    const long = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const [ux, uy] = [(b[0] - a[0]) / long, (b[1] - a[1]) / long];
    const off = beside * (item.source < item.target ? 1 : -1);
    const trim = map.state.directed && !map.over ? (SIGN + 4) * this.signs() : 0;
    const from = [a[0] - uy * off, a[1] + ux * off];
    const to = [b[0] - uy * off - ux * trim, b[1] + ux * off - uy * trim];
    const known = map.kinds.get(item.kind);
    const [dash, stroke] = SIDES[item.side] ?? [known?.dash ?? "", known?.colour ?? "#1a1a1a"];
    if (!this.lines.has(item.key)) {
      const line = shape("path", { class: "gbo-map-tie", "data-key": item.key });
      this.lines.set(item.key, line);
      this.layer.ties.append(line);
    }
    const drawn = this.lines.get(item.key);
    drawn.ends = [from, to];
    put(drawn, {
      d: `M${from.join(" ")}L${to.join(" ")}`,
      stroke,
      "stroke-dasharray": dash,
      "stroke-width": width,
      "marker-end": trim ? `url(#${map.me}-arrow)` : null,
    });
  }
  drawTies(thin) { // ties of one pair lie beside each other
    const { shownTies, shows } = this.map;
    const most = Math.max(0, ...shownTies.map((item) => item.strength ?? 0));
    const pairs = {};
    for (const item of shownTies) (pairs[item.pair] ??= []).push(item);
    for (const pair of Object.values(pairs)) {
      pair.forEach((item, i) => {
        const width = (item.side ? 3 : thickness(item[shows], shows, most)) * thin;
        this.drawTie(item, (i - (pair.length - 1) / 2) * 7, width);
      });
    }
  }
  // Each name where it covers nothing: below its sign, else above or beside it. Where there is no
  // room it is left out, the least connected first. A line more or less moves no name.
  placeNames() {
    const { ids, near, orgs } = this.map;
    const spots = new Map(ids.map((id) => [id, this.drawn(id)]));
    const looks = ids.map((id) => [orgs.get(id).name, spots.get(id)]);
    const drawn = JSON.stringify([looks, this.at, this.size(), this.air, this.auto]);
    if (drawn === this.namesDrawn) return;
    this.namesDrawn = drawn;
    const many = ids.length > 100;
    let order = [...ids].sort((a, b) => near[b].length - near[a].length);
    this.named = new Map();
    for (let round = 0; round < (many ? 1 : 12); round++) { // who found no room comes first then
      const found = this.freeNames(order, spots, many);
      if (found.size > this.named.size) this.named = found;
      if (found.size === ids.length) break;
      const left = order.filter((id) => !found.has(id));
      order = [...left, ...order.filter((id) => found.has(id))];
    }
    for (const id of ids) {
      this.drawName(id, this.named.get(id) ?? this.nameTries(id, spots.get(id))[0]);
    }
  }
  nameTries(id, spot, most = 3) {
    const [letter, [wide]] = [this.letters(), this.size()];
    const away = SIGN * this.signs() + 2;
    return this.map.boxes[id].looks.slice(0, most).flatMap(({ lines, text }) => {
      const [half, down] = [text * letter, (LINE * lines.length / 2 + 2) * letter];
      const [left, right] = [this.at[0] + half, this.at[0] + wide - half];
      return nameSpots(spot, away, half, down).map(([x, y]) => {
        const middle = [this.auto ? between(left, x, right) : x, y];
        return { lines, middle, down, box: around(middle, half, down) };
      });
    });
  }
  freeNames(order, spots, many) { // among very many, names may lie over signs
    const { corner } = this.map;
    const [left, top] = this.at;
    const [wide, high] = this.size();
    const seen = (box) => !this.auto || box.left > left - 1 && box.top > top - 1
      && box.right < left + wide + 1 && box.bottom < top + high + 1;
    const sign = SIGN * this.signs() + 1;
    const taken = many ? [] : [...spots.values()].map((spot) => around(spot, 1.2 * sign - 1, sign));
    const half = [corner.offsetWidth / 2, corner.offsetHeight / 2];
    const buttons = [left + corner.offsetLeft + half[0], top + corner.offsetTop + half[1]];
    if (this.auto) taken.push(around(buttons, ...half));
    const found = new Map();
    for (const id of order) {
      const free = this.nameTries(id, spots.get(id), many ? 1 : 3)
        .find(({ box }) => seen(box) && !taken.some((one) => clash(box, one)));
      if (!free) continue;
      found.set(id, free);
      taken.push(free.box);
    }
    return found;
  }
  drawName(id, { lines, middle: [x, y], down }) {
    const { name } = this.node(id);
    if (name.lines !== lines) {
      name.replaceChildren(...lines.map((line) => shape("tspan", { x: 0, dy: "1.15em" }, line)));
    }
    name.lines = lines;
    const size = this.letters().toFixed(3);
    put(name, { transform: `translate(${x.toFixed(1)} ${(y - down).toFixed(1)}) scale(${size})` });
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
    const crowded = map.shownTies.length > 4 * map.ids.length;
    svg.classList.toggle("gbo-map-crowded", crowded);
    this.drawTies((crowded ? 0.5 : 1) * this.signs());
    const size = this.signs().toFixed(3);
    for (const id of map.ids) {
      const [x, y] = this.drawn(id).map((value) => value.toFixed(1));
      put(this.node(id).g, { transform: `translate(${x} ${y}) scale(${size})` });
    }
    this.placeNames();
    this.paint();
  }
  // what is picked, pointed at, cut off
  paint() {
    const { map, hover, lines } = this;
    const { picked, current } = map;
    const centre = hover ?? picked;
    const gone = picked && map.cut ? map.cut.gone : [];
    const near = new Set(map.near[centre] ?? []);
    const lit = new Set(map.lit);
    const close = this.air > 60 ? map.near[picked] ?? [] : [];
    const focused = document.activeElement?.closest?.(".gbo-map-node")?.dataset.id;
    for (const [id, { g, name }] of this.nodes) {
      const seen = id === hover || id === picked || id === focused || close.includes(id)
        || lit.has(id);
      const marks = [
        seen && "seen",
        map.orgs.get(id).lead && "lead",
        id === picked && "picked",
        lit.has(id) && "lit",
        gone.includes(id) && "cut",
        centre && id !== centre && !near.has(id) && !gone.includes(id) && "dim",
        lit.size && !lit.has(id) && "dim",
      ].filter(Boolean).map((mark) => ` gbo-map-${mark}`).join("");
      const tabindex = id === current ? 0 : -1;
      put(g, { class: `gbo-map-node${marks}`, tabindex, "aria-pressed": id === picked });
      const nameless = !this.named.has(id) ? " gbo-map-nameless" : "";
      put(name, { class: `gbo-map-name${marks}${nameless}` });
    }
    for (const { key, source, target } of map.shownTies) {
      const away = centre && source !== centre && target !== centre
        || lit.size && !lit.has(source) && !lit.has(target);
      const dim = away ? " gbo-map-dim" : "";
      put(lines.get(key), { class: `gbo-map-tie${dim}` });
    }
    put(this.chosen, { d: lines.get(map.tie)?.getAttribute("d") ?? "" });
    this.placeHandle(map.over ? null : centre);
  }
  // beside who is pointed at or picked; a line is drawn from it
  placeHandle(id) {
    const [x, y] = id ? this.drawn(id) : [0, 0];
    const place = `translate(${x + 24} ${y - 24})`;
    const visibility = id ? null : "hidden";
    put(this.handle, { "data-id": id ?? "", transform: place, visibility });
  }
}

