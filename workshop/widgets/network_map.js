// The network map in plain SVG. The kernel holds the network; this file draws it and sends what a person does.
const NS = "http://www.w3.org/2000/svg";
const SIGN = 13, LINE = 16, STEP = 125, GAP = 10, REACH = 22, LOST = 8000;
const KEYED = ["orgs", "ties", "kinds", "places"];
const SIDES = { both: ["", "#1a1a1a"], a: ["10 5", "#0072b2"], b: ["2 5", "#b34700"] };
const TURNS = { square: [4, Math.PI / 4], diamond: [4, 0], triangle: [3, -Math.PI / 2], hexagon: [6, 0] };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const pen = document.createElement("canvas").getContext("2d");
let count = 0;

const make = (tag, props = {}, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
const shape = (tag, attributes, ...children) => {
  const node = document.createElementNS(NS, tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const same = (a, b) => a && b && a[0] === b[0] && a[1] === b[1];

// ---- names and the room that they take

function wrap(name, width = 17) {
  const lines = [""];
  for (let word of name.split(" ").map((part) => [...part])) {
    const last = lines.at(-1);
    if (last && [...last].length + word.length < width) { lines[lines.length - 1] = `${last} ${word.join("")}`; continue; }
    for (; word.length > width + 6; word = word.slice(width)) lines.push(`${word.slice(0, width).join("")}-`);
    lines.push(word.join(""));
  }
  const shown = lines.filter(Boolean);
  return shown.length <= 3 ? shown : [...shown.slice(0, 2), `${[...shown[2]].slice(0, width - 2).join("")}…`];
}

function room(name) {
  pen.font = "14px system-ui, sans-serif";
  const lines = wrap(name);
  return { lines, half: Math.max(REACH, ...lines.map((line) => pen.measureText(line).width / 2)), down: SIGN + 6 + LINE * lines.length };
}
const middle = (box) => (box.down - REACH) / 2;
const tall = (box) => box.down + REACH;
const overlap = (a, p, b, q) => [a.half + b.half + GAP - Math.abs(p[0] - q[0]),
  (tall(a) + tall(b)) / 2 + GAP - Math.abs(p[1] + middle(a) - q[1] - middle(b))];
const clash = (...two) => overlap(...two).every((much) => much > 0.01);

// ---- laying out: each part by itself, then packed; nothing here is left to chance

function partsOf(ids, near) {
  const seen = new Set(), parts = [];
  for (const start of ids) {
    if (seen.has(start)) continue;
    const part = [start];
    seen.add(start);
    for (const id of part) for (const other of near[id]) if (!seen.has(other)) { seen.add(other); part.push(other); }
    parts.push(part);
  }
  return parts;
}

function stepsFrom(start, ids, near) {
  const steps = { [start]: 0 }, queue = [start];
  for (const id of queue) for (const other of near[id]) if (!(other in steps)) { steps[other] = steps[id] + 1; queue.push(other); }
  return ids.map((id) => steps[id]);
}

// stress majorisation (Gansner e.a. 2004): distance on the map follows the number of steps
function arrange(part, near) {
  const hub = part.reduce((a, b) => (near[b].length > near[a].length ? b : a));
  const ids = partsOf([hub, ...part], near)[0], steps = ids.map((id) => stepsFrom(id, ids, near));
  const at = ids.map((_, i) => [i && STEP * Math.cos(2.4 * i) * Math.sqrt(i), i && STEP * Math.sin(2.4 * i) * Math.sqrt(i)]);
  const rounds = Math.max(8, Math.min(120, 4e6 / ids.length ** 2));
  for (let round = 0; round < rounds; round++) for (let i = 0; i < ids.length; i++) {
    let x = 0, y = 0, sum = 0;
    for (let j = 0; j < ids.length; j++) {
      if (i === j) continue;
      const far = STEP * steps[i][j], weight = far ** -2, dx = at[i][0] - at[j][0], dy = at[i][1] - at[j][1], gap = Math.hypot(dx, dy) || 1;
      x += weight * (at[j][0] + far * dx / gap); y += weight * (at[j][1] + far * dy / gap); sum += weight;
    }
    if (sum) at[i] = [x / sum, y / sum];
  }
  // the longest side lies flat
  const sum = (value) => at.reduce((total, [x, y]) => total + value(x - at[0][0], y - at[0][1]), 0), [mx, my] = [sum((x) => x) / ids.length, sum((_, y) => y) / ids.length];
  const sums = [(x, y) => (x - mx) * (y - my), (x, y) => (x - mx) ** 2 - (y - my) ** 2].map(sum), turn = Math.atan2(2 * sums[0], sums[1]) / 2;
  return Object.fromEntries(ids.map((id, i) => [id, [at[i][0] * Math.cos(turn) + at[i][1] * Math.sin(turn), at[i][1] * Math.cos(turn) - at[i][0] * Math.sin(turn)]]));
}

// push boxes apart until none overlap; where that does not end, give them more room first
function spread(spots, boxes) {
  const ids = Object.keys(spots), rounds = Math.max(10, Math.min(150, 6e6 / ids.length ** 2));
  for (let tries = 0; tries < 12; tries++) {
    for (let round = 0; round < rounds; round++) {
      let moved = false;
      for (let i = 0; i < ids.length; i++) for (let j = i + 1; j < ids.length; j++) {
        const p = spots[ids[i]], q = spots[ids[j]], [x, y] = overlap(boxes[ids[i]], p, boxes[ids[j]], q);
        if (x <= 0.01 || y <= 0.01) continue;
        moved = true;
        const axis = x < y ? 0 : 1, push = ((axis ? y : x) / 2 + 0.5) * (p[axis] <= q[axis] ? -1 : 1);
        p[axis] += push; q[axis] -= push;
      }
      if (!moved) return;
    }
    for (const id of ids) spots[id] = spots[id].map((value) => value * 1.1);
  }
}

function frame(ids, spots, boxes) {
  const side = (pick, edge) => edge(...ids.map(pick));
  return { left: side((id) => spots[id][0] - boxes[id].half, Math.min), right: side((id) => spots[id][0] + boxes[id].half, Math.max),
    top: side((id) => spots[id][1] - REACH, Math.min), bottom: side((id) => spots[id][1] + boxes[id].down, Math.max) };
}

function layOut(ids, near, boxes, ratio) {
  const done = {}, bare = Object.fromEntries(ids.map((id) => [id, { half: 0, down: 0 }])), parts = partsOf(ids, near).map((part) => {
    const spots = part.length > 1 ? arrange(part, near) : { [part[0]]: [0, 0] };
    // as compact as the names allow, and as wide as the frame asks
    const edge = frame(part, spots, bare), wide = edge.right - edge.left, high = edge.bottom - edge.top;
    const area = (1.9 + 6 / part.length) * part.reduce((sum, id) => sum + 2 * boxes[id].half * tall(boxes[id]), 0);
    const even = Math.sqrt(area / Math.max(wide * high, wide * wide / 3, 1)), stretch = Math.max(0.75, Math.min(1.3, Math.sqrt((ratio * high) / wide || 1)));
    for (const id of part) spots[id] = [spots[id][0] * even * stretch, (spots[id][1] * even) / stretch];
    spread(spots, boxes);
    return { spots, ids: part, ...frame(part, spots, boxes) };
  }).sort((a, b) => b.ids.length - a.ids.length);
  const area = parts.reduce((sum, part) => sum + (part.right - part.left + 30) * (part.bottom - part.top + 30), 0);
  const tries = [1, 1.25, 1.5, 1.8, 2.2].map((more) => pack(parts, Math.max(parts[0].right - parts[0].left + 30, Math.sqrt(area * ratio) * more)));
  const worst = (placed) => Math.max(...placed.map((one) => Math.max((one.x + one.wide) / ratio, one.y + one.high)));
  tries.reduce((a, b) => (worst(b) < worst(a) ? b : a)).forEach(({ x, y }, i) => {
    for (const id of parts[i].ids) done[id] = [parts[i].spots[id][0] - parts[i].left + x, parts[i].spots[id][1] - parts[i].top + y];
  });
  return done;
}

// each part in the first gap from the top; those without ties in rows of their own, below
function pack(parts, width) {
  const placed = [];
  let floor = 0;
  for (const part of parts) {
    const wide = part.right - part.left + 30, high = part.bottom - part.top + 30;
    if (part.ids.length === 1) floor ||= Math.max(0, ...placed.map((one) => one.y + one.high));
    const taken = (x, y) => placed.some((one) => x < one.x + one.wide && one.x < x + wide && y < one.y + one.high && one.y < y + high);
    let x = 0, y = floor;
    while (taken(x, y)) { x += 15; if (x + wide > width) { x = 0; y += 15; } }
    placed.push({ x, y, wide, high });
  }
  return placed;
}

// the free spot nearest to where somebody belongs
function freeSpot(box, want, taken) {
  for (let ring = 0; ring < 60; ring++) for (let k = 0; k < Math.max(1, 6 * ring); k++) {
    const turn = (2 * Math.PI * k) / Math.max(1, 6 * ring), spot = [want[0] + 42 * ring * Math.cos(turn), want[1] + 30 * ring * Math.sin(turn)];
    if (!taken.some(([other, place]) => clash(box, spot, other, place))) return spot;
  }
  return want;
}

// ---- the widget

export default {
  initialize({ model }) {
    model.on("msg:custom", (message) => {
      if (message.kind !== "patch") return;
      const next = { ...model.get("whole") };
      for (const [part, changes] of Object.entries(message.changes)) {
        if (!KEYED.includes(part)) { next[part] = changes; continue; }
        next[part] = { ...next[part] };
        for (const [id, value] of Object.entries(changes)) if (value === null) delete next[part][id]; else next[part][id] = value;
      }
      model.set("whole", next);
    });
  },

  render({ model, el }) {
    const words = model.get("words"), lists = model.get("lists"), me = `gbo-map-${++count}-${Date.now()}`;
    const draftKey = `gbo:${model.get("key")}`, sent = new Map(), nodes = new Map(), lines = new Map(), mine = {};
    let picked = null, tie = null, current = null, hover = null, at = null, kind = "", dragTies = false, press = null;
    let view = { x: 0, y: 0, w: 900 }, auto = true, cut = null, before = null, timer = null;

    const whole = () => model.get("whole"), scene = () => whole().over ?? whole();
    const orgs = () => scene().orgs, order = () => Object.keys(orgs()).sort((a, b) => orgs()[a].n - orgs()[b].n);
    const spot = (id) => mine[id] ?? whole().places[id];
    const shownTies = () => Object.entries(scene().ties).filter(([, item]) => whole().over || !whole().hidden.includes(item.kind));
    const tiesOf = (id) => Object.entries(scene().ties).filter(([, item]) => item.source === id || item.target === id);
    let near = {}, boxes = {};

    // the frame of the widget
    const say = make("p", { className: "gbo-map-status" }), told = make("div", { className: "gbo-map-told" });
    say.setAttribute("role", "status"); told.setAttribute("aria-live", "polite");
    const layer = { ties: shape("g", {}), nodes: shape("g", {}), names: shape("g", {}), over: shape("g", { class: "gbo-map-over" }) };
    const arrow = shape("marker", { id: `${me}-arrow`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto" }, shape("path", { d: "M0 0 8 4 0 8z" }));
    const svg = shape("svg", { class: "gbo-map-svg", role: "application", "aria-label": words.label, "aria-describedby": `${me}-keys` }, shape("defs", {}, arrow), layer.ties, layer.nodes, layer.names, layer.over);
    const input = make("input", { id: `${me}-add`, autocomplete: "off", maxLength: 400 });
    input.setAttribute("list", `${me}-partners`); input.setAttribute("aria-describedby", `${me}-hint`);
    const form = make("form", { className: "gbo-map-add" }, make("label", { htmlFor: input.id, textContent: words.add }),
      make("span", { className: "gbo-map-line" }, input, make("button", { textContent: words.add_button, className: "gbo-map-main" })),
      make("datalist", { id: `${me}-partners` }, ...lists.partners.map((value) => make("option", { value }))));
    const refused = make("div", { className: "gbo-map-refused" });
    const button = (word, act, more = {}) => { const made = make("button", { type: "button", textContent: words[word], ...more }); made.onclick = act; return made; };
    const again = () => { before = Object.fromEntries(order().map((id) => [id, spot(id)])); layAll(); back.hidden = false; status(words.laid); };
    const back = button("back", () => { put(before); back.hidden = true; fit(); svg.focus(); }, { hidden: true });
    const mode = make("fieldset", { className: "gbo-map-mode" }, make("legend", { textContent: words.drag }), ...["move", "tie"].map((way) => {
      const radio = make("input", { type: "radio", name: `${me}-mode`, checked: way === "move" });
      radio.onchange = () => { dragTies = way === "tie"; svg.classList.toggle("gbo-map-ties", dragTies); };
      return make("label", {}, radio, words[`drag_${way}`]);
    }));
    const directed = make("input", { type: "checkbox" });
    directed.onchange = () => send("directed", { yes: directed.checked });
    const newKind = make("span");
    const tools = make("div", { className: "gbo-map-tools" }, newKind, mode, make("label", {}, directed, words.directed),
      button("undo", () => send("travel", { way: "undo" })), button("redo", () => send("travel", { way: "redo" })), button("again", again), back);
    const zooms = make("div", { className: "gbo-map-zooms" }, ...[["bigger", "+", () => zoom(1 / 1.3)], ["smaller", "−", () => zoom(1.3)], ["fit", "⤢", () => fit()]].map(([word, textContent, act]) => button(word, act, { textContent, title: words[word], ariaLabel: words[word] })));
    const empty = make("p", { className: "gbo-map-empty", textContent: words.empty }), panel = make("div", { className: "gbo-map-panel" }), cutText = make("p", { className: "gbo-map-cutoff" });
    const stage = make("div", { className: "gbo-map-stage" }, svg, zooms, empty, say), legend = make("div", { className: "gbo-map-legend" });
    const root = make("div", { className: "gbo-map" }, form, make("p", { id: `${me}-hint`, className: "gbo-map-hint", textContent: words.add_hint }), refused,
      tools, told, make("div", { className: "gbo-map-body" }, stage, panel), legend, make("p", { id: `${me}-keys`, className: "gbo-map-hint", textContent: words.keys }));
    root.dataset.lmSuppressShortcuts = "true";
    el.append(root);

    // talking to the kernel
    const status = (text) => { say.textContent = text; };
    function send(what, values = {}) {
      if (whole().over && !["place", "about"].includes(what)) { status(words.readonly); return null; }
      const n = `${me}-${++count}`;
      sent.set(n, what === "enter" ? values.text : null);
      if (!["about", "travel"].includes(what)) { held.push({ n, what, values }); hold(); }
      try { model.send({ do: what, n, ...values }); } catch { /* the kernel is gone: it is done again when the page is */ }
      timer ??= setTimeout(() => status(words.lost), LOST);
      return n;
    }
    // what was done stays in the browser until it is on the disk, and is done again if the kernel stopped before that
    const opsKey = `${draftKey}/edits/`;
    let held = [];
    function hold() {
      try { if (held.length) localStorage.setItem(opsKey + me, JSON.stringify(held)); else localStorage.removeItem(opsKey + me); } catch { /* storage is off */ }
    }
    const turn = (n) => Number(n.slice(me.length + 1));
    function letHeldGo(n, only) {
      if (!n.startsWith(me)) return;
      held = held.filter((edit) => (only ? edit.n !== n : turn(edit.n) > turn(n)));
      hold();
    }
    function doAgain() {
      let left = [];
      try {
        const keys = Object.keys(localStorage).filter((name) => name.startsWith(opsKey) && name !== opsKey + me);
        left = keys.flatMap((name) => { const found = JSON.parse(localStorage.getItem(name)); localStorage.removeItem(name); return found; });
      } catch { /* storage is off */ }
      const there = new Set(order().map((id) => orgs()[id].name.toLowerCase()));
      for (const { n: again, what, values } of left) {
        const n = send(what, { again, ...values });
        if (n && what === "enter" && (there.has(values.text.trim().toLowerCase()) || /^[\d\s,;:>–-]+$/.test(values.text))) sent.set(n, null);
      }
    }
    function replied(message) {
      if (message.kind === "kept") { letHeldGo(message.n); return; }
      if (message.kind === "about" && message.id === picked) { cut = message; cutText.textContent = message.text; cutText.hidden = false; paint(); return; }
      if (message.kind !== "reply" || !sent.has(message.n)) return;
      const text = sent.get(message.n);
      sent.delete(message.n);
      if (message.kept || !message.ok) letHeldGo(message.n, !message.kept);
      clearTimeout(timer); timer = sent.size ? setTimeout(() => status(words.lost), LOST) : null;
      if (message.text) status(message.text);
      if (text !== null && !message.ok) {
        if (!input.value) input.value = text;
        else refused.append(button("add_button", (event) => { input.value = text; event.target.remove(); keepDraft(); input.focus(); }, { textContent: fill(words.put_back, { text }) }));
      }
      if (text !== null && !message.ok) keepDraft();
      if (message.ok && text !== null && message.new.length) { current = message.new[0]; closeAdd(); paint(); }
    }
    const put = (places) => {
      const fresh = {};
      for (const id in places) fresh[id] = mine[id] = places[id].map((value) => Math.round(value * 10) / 10);
      send("place", { places: fresh });
      draw();
    };

    // adding by typing: what was not sent yet stays here
    function keepDraft() {
      const text = input.value;
      try { if (text) localStorage.setItem(draftKey, JSON.stringify({ text })); else localStorage.removeItem(draftKey); } catch { /* storage is off */ }
    }
    try { input.value = JSON.parse(localStorage.getItem(draftKey))?.text ?? ""; } catch { /* storage is off */ }
    input.oninput = keepDraft;
    form.onsubmit = (event) => {
      event.preventDefault();
      const text = input.value;
      if (!text.trim() || send("enter", { text, of: kind, at }) === null) return;
      input.value = "";
      keepDraft();
    };
    function openAdd(where) {
      at = where;
      const [x, y] = toScreen(where), wide = stage.clientWidth;
      Object.assign(form.style, { left: `${Math.max(4, Math.min(x - 40, wide - 330))}px`, top: `${y + 14}px` });
      stage.append(form);
      layer.over.replaceChildren(shape("path", { d: `M${where[0] - 12} ${where[1]}h24M${where[0]} ${where[1] - 12}v24` }));
      input.focus({ preventScroll: true });
    }
    function closeAdd() {
      if (!at) return;
      at = null;
      const focused = document.activeElement === input;
      root.prepend(form);
      form.removeAttribute("style");
      layer.over.replaceChildren();
      if (focused) focusOn(current);
    }
    input.onkeydown = (event) => { if (event.key === "Escape") { closeAdd(); focusOn(current); } };

    // where things are
    const scale = () => (svg.clientWidth || 900) / view.w;
    const toScreen = ([x, y]) => [(x - view.x) * scale(), (y - view.y) * scale()];
    const toMap = (event) => { const edge = svg.getBoundingClientRect(); return [view.x + (event.clientX - edge.left) / scale(), view.y + (event.clientY - edge.top) / scale()]; };
    function look(next = view) {
      view = next;
      svg.setAttribute("viewBox", [view.x, view.y, view.w, (view.w * (svg.clientHeight || 560)) / (svg.clientWidth || 900)].join(" "));
      draw();
    }
    function fit(ids = order()) {
      const wide = svg.clientWidth || 900, high = svg.clientHeight || 560, edge = ids.length ? frame(ids, Object.fromEntries(ids.map((id) => [id, spot(id)])), boxes) : { left: 0, right: 0, top: 0, bottom: 0 };
      const free = (wide - 56) / wide;  // the buttons in the corner cover no name
      const w = Math.max((edge.right - edge.left + 24) / free, ((edge.bottom - edge.top + 24) * wide) / (high - 36), wide / 1.3);
      auto = true;
      look({ w, x: (edge.left + edge.right - w * free) / 2, y: (edge.top + edge.bottom - (w * (high - 36)) / wide) / 2 });
    }
    function zoom(by, [x, y] = [view.x + view.w / 2, view.y + (view.w * svg.clientHeight) / svg.clientWidth / 2]) {
      const w = Math.min(20000, Math.max(200, view.w * by)), part = w / view.w;
      auto = false;
      look({ w, x: x - (x - view.x) * part, y: y - (y - view.y) * part });
    }
    const layAll = () => { const ids = order(); if (ids.length) { put(layOut(ids, near, boxes, innerWidth < 700 ? 0.8 : 1.5)); fit(); } };
    function placeNew() {
      const ids = order(), lost = ids.filter((id) => !spot(id));
      if (!lost.length) return;
      if (lost.length === ids.length && lost.length > 1) { layAll(); return; }
      const taken = ids.filter(spot).map((id) => [boxes[id], spot(id)]), fresh = {};
      while (lost.length) {
        const known = (id) => near[id].map((other) => fresh[other] ?? spot(other)).filter(Boolean);
        const id = lost.reduce((a, b) => (known(b).length > known(a).length ? b : a)), friends = known(id);
        const mean = (axis) => friends.reduce((sum, place) => sum + place[axis], 0) / friends.length;
        fresh[id] = freeSpot({ half: boxes[id].half + 30, down: boxes[id].down + 30 }, friends.length ? [mean(0), mean(1)] : [view.x + view.w / 2, view.y + (view.w * (svg.clientHeight || 560)) / (svg.clientWidth || 900) / 2], taken);
        taken.push([boxes[id], fresh[id]]);
        lost.splice(lost.indexOf(id), 1);
      }
      put(fresh);
    }

    // drawing
    function sign(item) {
      const ink = { class: "gbo-map-sign", fill: item.colour, "stroke-width": item.lead ? 4 : 1.6 };
      if (item.shape === "circle" || !TURNS[item.shape]) return shape("circle", { r: SIGN, ...ink });
      const [corners, turn] = TURNS[item.shape], r = SIGN * 1.25;
      return shape("polygon", { points: Array.from({ length: corners }, (_, i) => { const a = turn + (2 * Math.PI * i) / corners; return `${(r * Math.cos(a)).toFixed(1)},${(r * Math.sin(a)).toFixed(1)}`; }).join(" "), ...ink });
    }
    function drawNode(id, grow, letters) {
      const item = orgs()[id];
      let node = nodes.get(id);
      if (!node) {
        node = { g: shape("g", { class: "gbo-map-node", role: "button" }), name: shape("text", { class: "gbo-map-name", "aria-hidden": "true" }) };
        node.g.dataset.id = node.name.dataset.id = id;
        nodes.set(id, node); layer.nodes.append(node.g); layer.names.append(node.name);
      }
      if (node.item !== item) {
        node.item = item;
        node.name.replaceChildren(...boxes[id].lines.map((line) => shape("tspan", { x: 0, dy: "1.15em" }, line)));
        const number = shape("text", { class: "gbo-map-number", y: item.shape === "triangle" ? 6 : 4 }, SIDES[item.side] && item.side !== "both" ? item.side.toUpperCase() : String(item.n));
        node.g.replaceChildren(shape("title", {}, item.name), shape("circle", { class: "gbo-map-halo", r: REACH }), sign(item), number);
        node.g.dataset.side = item.side ?? "";
      }
      const [x, y] = spot(id) ?? [0, 0];
      node.g.setAttribute("transform", `translate(${x} ${y}) scale(${grow.toFixed(3)})`);
      node.name.setAttribute("transform", `translate(${x} ${y + SIGN * grow + 2}) scale(${letters.toFixed(3)})`);
      node.g.setAttribute("aria-label", `${fill(words.node, { name: item.name, n: item.n, sector: item.label, ties: near[id].length })}${item.lead ? ` ${words.lead}` : ""}`);
    }
    function drawTie(key, item, side, most, grow, thin) {
      let line = lines.get(key);
      if (!line) { line = shape("g", { class: "gbo-map-tie" }, shape("path", { class: "gbo-map-hit" }), shape("path", { class: "gbo-map-line" })); line.dataset.key = key; lines.set(key, line); layer.ties.append(line); }
      const [a, b] = [spot(item.source) ?? [0, 0], spot(item.target) ?? [0, 0]], long = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      const [ux, uy] = [(b[0] - a[0]) / long, (b[1] - a[1]) / long], off = side * (item.source < item.target ? 1 : -1), trim = whole().directed && !whole().over ? (SIGN + 4) * grow : 0;
      const d = `M${a[0] - uy * off} ${a[1] + ux * off}L${b[0] - uy * off - ux * trim} ${b[1] + ux * off - uy * trim}`;
      for (const path of line.children) path.setAttribute("d", d);
      const path = line.lastChild;
      const [dash, colour] = SIDES[item.side] ?? [whole().kinds[item.kind]?.dash, whole().kinds[item.kind]?.colour];
      path.setAttribute("stroke", colour); path.setAttribute("stroke-dasharray", dash);
      path.setAttribute("stroke-width", (item.side ? 3 : item.strength && most ? 1 + (3.5 * item.strength) / most : 2.2) * thin);
      if (trim) path.setAttribute("marker-end", `url(#${me}-arrow)`); else path.removeAttribute("marker-end");
    }
    function draw() {
      // seen from far, signs and names grow, and a name that would cover another is left out
      const all = order(), far = scale() < 0.5, grow = far ? Math.min(1.6, 0.7 / scale()) : 1, letters = far ? 0.8 / scale() : 1, visible = shownTies(), seen = new Set(visible.map(([key]) => key)), pairs = {};
      for (const [id, node] of nodes) if (!orgs()[id]) { node.g.remove(); node.name.remove(); nodes.delete(id); }
      for (const [key, line] of lines) if (!seen.has(key)) { line.remove(); lines.delete(key); }
      for (const [key, item] of visible) (pairs[[item.source, item.target].sort().join("\n")] ??= []).push([key, item]);
      const crowded = visible.length > 4 * all.length;
      svg.classList.toggle("gbo-map-crowded", crowded);
      const most = Math.max(0, ...visible.map(([, item]) => item.strength ?? 0));
      for (const pair of Object.values(pairs)) pair.forEach(([key, item], i) => drawTie(key, item, (i - (pair.length - 1) / 2) * 7 * grow, most, grow, crowded ? 0.5 : 1));
      for (const id of all) drawNode(id, grow, letters);
      svg.style.setProperty("--grow", grow);
      const kept = [];
      for (const id of far ? [...all].sort((a, b) => near[b].length - near[a].length) : []) {
        const box = { half: boxes[id].half * letters, down: boxes[id].down * letters };
        if (!kept.some(([other, place]) => clash(box, spot(id), other, place))) kept.push([box, spot(id), id]);
      }
      const named = new Set(far ? kept.map(([, , id]) => id) : all);
      for (const id of all) nodes.get(id).name.classList.toggle("gbo-map-nameless", !named.has(id));
      empty.hidden = all.length > 0;
      paint();
    }
    function paint() {
      const centre = hover ?? picked, chosen = scene().ties[tie];
      if (!orgs()[current]) current = order()[0] ?? null;
      for (const [id, { g, name }] of nodes) {
        const set = (word, yes) => [g, name].forEach((part) => part.classList.toggle(`gbo-map-${word}`, !!yes));
        set("seen", id === hover || id === picked || (scale() > 0.7 && near[picked]?.includes(id)) || g.contains(document.activeElement)); set("lead", orgs()[id].lead); set("picked", id === picked); set("cut", picked && cut?.gone.includes(id));
        set("dim", centre && id !== centre && !near[centre]?.includes(id) && !(picked && cut?.gone.includes(id)));
        g.setAttribute("tabindex", id === current ? 0 : -1);
        g.setAttribute("aria-pressed", id === picked);
      }
      for (const [key, g] of lines) {
        const item = scene().ties[key];
        g.classList.toggle("gbo-map-chosen", item === chosen);
        g.classList.toggle("gbo-map-dim", !!centre && item.source !== centre && item.target !== centre);
      }
    }

    // beside the map: the sentence, what is picked, the legend
    const labelled = (label, control, id) => { control.id = `${me}-${id}`; control.dataset.field = id; return make("span", { className: "gbo-map-field" }, make("label", { textContent: label, htmlFor: control.id }), control); };
    function choice(label, options, value, changed, id) {
      const own = value && !options.some(([code]) => code === value) ? [[value, value]] : [];
      const select = make("select", {}, ...[...options, ...own, ["\n", words.own]].map(([code, text]) => make("option", { value: code, textContent: text, selected: code === value })));
      const word = make("input", { hidden: true, maxLength: 200 });
      word.setAttribute("aria-label", fill(words.own_label, { label }));
      select.onchange = () => { word.hidden = select.value !== "\n"; if (word.hidden) changed(select.value); else word.focus(); };
      word.onchange = () => word.value.trim() && changed(word.value.trim());
      word.onkeydown = (event) => { if (event.key === "Enter") word.blur(); };
      return make("span", {}, labelled(label, select, id), word);
    }
    const kindOptions = () => [...lists.kinds, ...Object.entries(whole().kinds).filter(([code]) => !lists.kinds.some(([known]) => known === code)).map(([code, { label }]) => [code, label])];
    const setKind = (value) => { kind = value; newKind.replaceChildren(choice(words.kind, kindOptions(), kind, setKind, "kind")); };
    const written = (id, label, value, changed) => {
      const made = make("input", { value: value ?? "", maxLength: 400, autocomplete: "off" });
      made.onchange = () => changed(made.value);
      made.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); made.blur(); focusOn(picked ?? current); } };
      return labelled(label, made, id);
    };
    function panels() {
      const focus = panel.contains(document.activeElement) ? document.activeElement : null, held = focus?.dataset.field, shown = panel.dataset.of;
      if (focus?.tagName === "INPUT" && shown === (tie ?? picked)) return;  // somebody is typing there
      cutText.hidden = cut?.id !== picked;
      const item = orgs()[picked], line = scene().ties[tie], close = button("close", () => { letGo(); focusOn(current); });
      panel.dataset.of = tie ?? picked ?? "";
      if (line && !whole().over) {
        const is = { source: line.source, target: line.target, of: line.kind }, names = { source: orgs()[line.source].name, target: orgs()[line.target].name };
        panel.replaceChildren(make("h4", { textContent: fill(whole().directed ? words.tie_from : words.tie_between, names) }),
          choice(words.tie_kind, kindOptions(), line.kind, (to) => { if (send("set_tie", { ...is, to })) tie = [is.source, is.target, to].join("\n"); }, "of"),
          written("strength", words.strength, line.strength === null ? "" : String(line.strength).replace(".", ","), (strength) => send("set_tie", { ...is, strength })),
          labelled(words.trust, (() => { const made = make("select", {}, ...lists.trust.map(([value, textContent]) => make("option", { value, textContent, selected: value === String(line.trust ?? "") }))); made.onchange = () => send("set_tie", { ...is, trust: made.value }); return made; })(), "trust"),
          ...(whole().directed ? [button("turn", () => { if (send("set_tie", { ...is, turn: true })) tie = [is.target, is.source, is.of].join("\n"); })] : []), button("untie", () => removeTie()), close);
      } else if (item) {
        const others = tiesOf(picked).map(([key, other]) => {
          const to = other.source === picked, made = make("button", { type: "button", textContent: `${whole().directed && !whole().over ? (to ? "→ " : "← ") : ""}${orgs()[to ? other.target : other.source].name}${whole().kinds[other.kind] && !whole().over ? ` (${whole().kinds[other.kind].label})` : ""}` });
          made.onclick = () => { pickTie(key); panel.querySelector("select")?.focus(); };
          return make("li", {}, made);
        });
        panel.replaceChildren(make("h4", { textContent: `${item.n}. ${item.name}` }), cutText,
          ...(whole().over ? [] : [written("name", words.name, item.name, (name) => send("rename", { id: picked, name })),
            choice(words.sector, lists.sectors, item.sector, (sector) => send("sector", { id: picked, sector }), "sector"), button("remove", () => remove(picked))]), close,
          ...(others.length ? [make("details", { open: others.length < 9 }, make("summary", { textContent: fill(words.ties_of, item) }), make("ul", {}, ...others))] : []));
      } else panel.replaceChildren();
      panel.hidden = !panel.childNodes.length;
      const place = spot(line?.target ?? picked);
      if (place && panel.dataset.of !== shown) panel.classList.toggle("gbo-map-left", toScreen(place)[0] > svg.clientWidth * 0.6);
      const field = held && [...panel.querySelectorAll("[data-field]")].find((other) => other.dataset.field === held);
      if (field) field.focus({ preventScroll: true });
    }
    const sample = (...drawn) => shape("svg", { width: 46, height: 30, viewBox: "0 0 46 30", "aria-hidden": "true" }, ...drawn);
    const stroke = (dash, colour) => sample(shape("path", { d: "M2 15H44", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }));
    function legends() {
      const list = (title, items) => make("div", {}, make("strong", { textContent: title }), make("ul", {}, ...items));
      const sectors = new Map(order().map((id) => [orgs()[id].label, orgs()[id]]));
      const kinds = whole().over ? Object.entries(SIDES).map(([side, look]) => make("li", {}, stroke(...look), words[`side_${side}`]))
        : Object.entries(whole().kinds).map(([code, { label, dash, colour }]) => {
          const box = make("input", { type: "checkbox", checked: !whole().hidden.includes(code) });
          box.onchange = () => send("hide", { kinds: [...whole().hidden.filter((other) => other !== code), ...(box.checked ? [] : [code])] });
          box.dataset.field = code;
          return make("li", {}, make("label", {}, box, stroke(dash, colour), label));
        });
      const held = legend.contains(document.activeElement) && document.activeElement.dataset.field;
      legend.replaceChildren(...(kinds.length ? [list(whole().over ? words.lines : words.kinds, kinds)] : []),
        ...(sectors.size ? [list(words.sectors, [...sectors].map(([label, item]) => { const mark = sign({ ...item, lead: false }); mark.setAttribute("transform", "translate(23 15) scale(.8)"); return make("li", {}, sample(mark), label); }))] : []));
      if (held !== false) [...legend.querySelectorAll("input")].find((box) => box.dataset.field === held)?.focus();
    }

    // what a person does
    const focusOn = (id) => { current = orgs()[id] ? id : order()[0] ?? null; paint(); (nodes.get(current)?.g ?? input).focus({ preventScroll: true }); };
    function letGo(text = words.dropped) { if (picked || tie) status(text); picked = tie = cut = null; closeAdd(); paint(); panels(); }
    function pick(id) {
      picked = id; tie = null; cut = null; current = id;
      status(whole().over ? orgs()[id].name : fill(words.picked, orgs()[id]));
      if (!whole().over) send("about", { id });
      paint(); panels();
    }
    function pickTie(key) { tie = key; picked = cut = null; paint(); panels(); }
    function tieUp(source, target) {
      const there = Object.entries(scene().ties).find(([, item]) => item.kind === kind && ((item.source === source && item.target === target) || (!whole().directed && item.source === target && item.target === source)));
      current = target; picked = cut = null;
      if (whole().over) status(words.readonly);
      else if (there) { pickTie(there[0]); status(words.exists); }
      else { const ends = whole().directed || source < target ? [source, target] : [target, source]; send("tie", { source, target, of: kind }); tie = `${ends.join("\n")}\n${kind}`; }
      paint(); panels();
    }
    const choose = (id) => { if (picked === id) letGo(); else if (picked && !whole().over) tieUp(picked, id); else pick(id); };
    const nearest = ([x, y], ids, cost = (dx, dy) => Math.hypot(dx, dy)) => ids.map((id) => [cost(spot(id)[0] - x, spot(id)[1] - y), id]).sort((a, b) => a[0] - b[0])[0];
    function remove(id) {
      const next = nearest(spot(id), order().filter((other) => other !== id))?.[1] ?? null;
      if (send("remove", { id }) === null) return;
      picked = cut = null; current = next;
      if (next) focusOn(next); else input.focus();
    }
    function removeTie() { const line = scene().ties[tie]; if (send("untie", { source: line.source, target: line.target, of: line.kind })) { tie = null; focusOn(current); } }

    const hit = (event, point) => {
      const close = nearest(point, order(), (dx, dy) => Math.hypot(dx, dy));
      return close && close[0] < REACH / Math.min(1, scale()) ? close[1] : event.target.closest?.(".gbo-map-node, .gbo-map-name")?.dataset.id ?? null;
    };
    svg.onpointerdown = (event) => {
      if (event.button || press) return;
      const from = toMap(event), id = hit(event, from);
      press = { id, key: event.target.closest?.(".gbo-map-tie")?.dataset.key, pointer: event.pointerId, from, x: event.clientX, y: event.clientY, spot: id && [...spot(id)], view: { ...view }, slack: event.pointerType === "mouse" ? 4 : 9 };
      svg.setPointerCapture(event.pointerId);
    };
    svg.onpointermove = (event) => {
      const point = toMap(event);
      if (!press) { const now = event.pointerType === "mouse" ? hit(event, point) : null; if (now !== hover) { hover = now; paint(); } return; }
      if (event.pointerId !== press.pointer) return;
      press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > press.slack;
      if (!press.moved) return;
      if (!press.id) { auto = false; look({ ...view, x: press.view.x - (event.clientX - press.x) / scale(), y: press.view.y - (event.clientY - press.y) / scale() }); }
      else if (dragTies) layer.over.replaceChildren(shape("path", { d: `M${press.spot}L${point}` }));
      else { mine[press.id] = [press.spot[0] + point[0] - press.from[0], press.spot[1] + point[1] - press.from[1]]; draw(); }
    };
    svg.onpointerup = (event) => {
      if (!press || event.pointerId !== press.pointer) return;
      const { id, key, moved } = press, point = toMap(event), onto = document.elementFromPoint(event.clientX, event.clientY);
      press = null;
      if (moved && id && dragTies) {
        layer.over.replaceChildren();
        const target = hit({ target: onto ?? svg }, point);
        if (target && target !== id) tieUp(id, target);
      } else if (moved && id) { current = id; put({ [id]: mine[id] }); }
      else if (moved) return;
      else if (id) { choose(id); focusOn(id); }
      else if (key && scene().ties[key]) { pickTie(key); focusOn(scene().ties[key].source); }
      else if (picked || tie || at) letGo();
      else if (!whole().over) openAdd(point);
      else status(words.readonly);
    };
    svg.onpointercancel = () => { if (press?.id) { delete mine[press.id]; layer.over.replaceChildren(); draw(); } press = null; };
    svg.onpointerleave = () => { if (hover) { hover = null; paint(); } };
    svg.addEventListener("wheel", (event) => { if (event.ctrlKey || event.metaKey) { event.preventDefault(); zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, toMap(event)); } }, { passive: false });

    let steps = null;
    svg.onkeydown = (event) => {
      const id = event.target.closest?.(".gbo-map-node")?.dataset.id, arrow = ARROWS[event.key];
      if ((event.ctrlKey || event.metaKey) && ["z", "y"].includes(event.key.toLowerCase())) send("travel", { way: event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo" });
      else if (event.ctrlKey || event.metaKey || event.altKey) return;
      else if (arrow && id && event.shiftKey) {
        mine[id] = [spot(id)[0] + 20 * arrow[0], spot(id)[1] + 20 * arrow[1]];
        draw();
        clearTimeout(steps);
        steps = setTimeout(() => put({ [id]: mine[id] ?? spot(id) }), 300);
      } else if (arrow && id) {
        const [x, y] = spot(id), ahead = order().filter((other) => (spot(other)[0] - x) * arrow[0] + (spot(other)[1] - y) * arrow[1] > 1);
        const next = nearest([x, y], ahead, (dx, dy) => Math.abs(dx * arrow[0] + dy * arrow[1]) + 2.5 * Math.abs(dx * arrow[1] - dy * arrow[0]));
        if (next) { tie = null; focusOn(next[1]); show(next[1]); if (!picked) panels(); }
      } else if ((event.key === "Enter" || event.key === " ") && id) choose(id);
      else if (event.key === "Escape") letGo();
      else if (event.key === "F2" && id) { pick(id); panel.querySelector("[data-field=name]")?.select(); }
      else if (event.key === "Delete" || event.key === "Backspace") { if (tie) removeTie(); else if (id) remove(id); }
      else return;
      event.preventDefault();
    };
    root.onkeydown = (event) => event.stopPropagation();
    svg.addEventListener("focusin", (event) => { const id = event.target.closest(".gbo-map-node")?.dataset.id; if (id && id !== current) { current = id; paint(); } });
    const outside = (id) => { const [x, y] = toScreen(spot(id)); return x < 30 || y < 30 || x > svg.clientWidth - 30 || y > svg.clientHeight - 60; };
    function show(id) { if (outside(id)) { auto = false; look({ ...view, x: spot(id)[0] - view.w / 2, y: spot(id)[1] - (view.w * svg.clientHeight) / svg.clientWidth / 2 }); } }

    function update() {
      const inside = svg.contains(document.activeElement), had = nodes.size, where = current && spot(current);
      told.replaceChildren(...(whole().over ?? whole()).lines.map((text, i) => make("p", { textContent: text, className: i ? "gbo-map-more" : "gbo-map-say" })));
      near = Object.fromEntries(order().map((id) => [id, []]));
      for (const [, { source, target }] of shownTies()) for (const [a, b] of [[source, target], [target, source]]) if (!near[a].includes(b)) near[a].push(b);
      boxes = Object.fromEntries(order().map((id) => [id, nodes.get(id)?.item === orgs()[id] ? boxes[id] : room(orgs()[id].name)]));
      for (const id in mine) if (same(mine[id], whole().places[id])) delete mine[id];
      if (!orgs()[picked]) picked = cut = null;
      if (tie && !scene().ties[tie] && !sent.size) tie = null;
      if (!orgs()[current]) current = where && order().length ? nearest(where, order().filter(spot))?.[1] ?? null : null;
      directed.checked = whole().directed;
      root.classList.toggle("gbo-map-two", !!whole().over);
      placeNew();
      draw();
      if (auto && had !== nodes.size && (!had || order().some((id) => outside(id)))) fit();
      panels(); legends();
      if (document.activeElement !== newKind.querySelector("select")) setKind(kind);
      if (picked && !whole().over && cut) send("about", { id: picked });
      if (inside && !svg.contains(document.activeElement)) focusOn(current);
    }
    const watch = new ResizeObserver(() => (auto ? fit() : look()));
    setKind(kind);
    update();
    watch.observe(svg);
    model.on("change:whole", update);
    model.on("msg:custom", replied);
    doAgain();
    return () => { watch.disconnect(); clearTimeout(timer); model.off("change:whole", update); model.off("msg:custom", replied); };
  },
};
