// The network map in plain SVG. The kernel holds the network; this draws it and sends what a person does.
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const same = (a, b) => a && b && a[0] === b[0] && a[1] === b[1];

// what all parts of one map share: what the kernel says, and what a person is at
function newMap(model) {
  const m = { model, words: model.get("words"), lists: model.get("lists"), me: `gbo-map-${++count}-${Date.now()}`, kind: "", dragTies: false,
    picked: null, tie: null, current: null, hover: null, cut: null, view: { x: 0, y: 0, w: 900 }, auto: true, mine: {}, near: {}, boxes: {} };
  m.whole = () => model.get("whole");
  m.scene = () => m.whole().over ?? m.whole();
  m.orgs = () => m.scene().orgs;
  m.order = () => Object.keys(m.orgs()).sort((a, b) => m.orgs()[a].n - m.orgs()[b].n);
  m.spot = (id) => m.mine[id] ?? m.whole().places[id];
  m.shownTies = () => Object.entries(m.scene().ties).filter(([, item]) => m.whole().over || !m.whole().hidden.includes(item.kind));
  m.button = (word, act, more = {}) => { const made = make("button", { type: "button", textContent: m.words[word], ...more }); made.onclick = act; return made; };
  m.svg = shape("svg", { class: "gbo-map-svg", role: "application", "aria-label": m.words.label, "aria-describedby": `${m.me}-keys` });
  m.empty = make("p", { className: "gbo-map-empty", textContent: m.words.empty });
  m.panel = make("div", { className: "gbo-map-panel" });
  m.legend = make("div", { className: "gbo-map-legend" });
  const say = make("p", { className: "gbo-map-status", role: "status" });
  m.status = (text) => { say.textContent = text; };
  m.stage = make("div", { className: "gbo-map-stage" }, m.svg, m.empty, say);
  return m;
}

// laying out: all of it only when asked, newcomers near those they are tied to
function mapPlaces(m) {
  let before = null;
  const layAll = () => {
    const ids = m.order();
    if (ids.length) { m.put(layOut(ids, m.near, m.boxes, innerWidth < 700 ? 0.8 : 1.5)); m.fit(); }
  };
  const back = m.button("back", () => { m.put(before); back.hidden = true; m.fit(); m.svg.focus(); }, { hidden: true });
  const again = m.button("again", () => {
    before = Object.fromEntries(m.order().map((id) => [id, m.spot(id)]));
    layAll();
    back.hidden = false;
    m.status(m.words.laid);
  });
  function placeNew() {
    const ids = m.order(), lost = ids.filter((id) => !m.spot(id));
    if (lost.length === ids.length && lost.length > 1) { layAll(); return; }
    const taken = ids.filter(m.spot).map((id) => [m.boxes[id], m.spot(id)]), fresh = {};
    const known = (id) => m.near[id].map((other) => fresh[other] ?? m.spot(other)).filter(Boolean);
    while (lost.length) {
      const id = lost.reduce((a, b) => (known(b).length > known(a).length ? b : a)), friends = known(id);
      const want = friends.length ? [0, 1].map((axis) => average(friends.map((place) => place[axis]))) : m.middleOfView();
      fresh[id] = freeSpot({ half: m.boxes[id].half + 30, down: m.boxes[id].down + 30 }, want, taken);
      taken.push([m.boxes[id], fresh[id]]);
      lost.splice(lost.indexOf(id), 1);
    }
    if (Object.keys(fresh).length) m.put(fresh);
  }
  return { placeNew, back, again };
}

function tools(m) {
  const modes = ["move", "tie"].map((way) => {
    const radio = make("input", { type: "radio", name: `${m.me}-mode`, checked: way === "move" });
    radio.onchange = () => { m.dragTies = way === "tie"; m.svg.classList.toggle("gbo-map-ties", m.dragTies); };
    return make("label", {}, radio, m.words[`drag_${way}`]);
  });
  m.directed = make("input", { type: "checkbox" });
  m.directed.onchange = () => m.send("directed", { yes: m.directed.checked });
  const zooms = [["bigger", "+", () => m.zoom(1 / 1.3)], ["smaller", "−", () => m.zoom(1.3)], ["fit", "⤢", () => m.fit()]];
  m.stage.append(make("div", { className: "gbo-map-zooms" }, ...zooms.map(([word, textContent, act]) =>
    m.button(word, act, { textContent, title: m.words[word], ariaLabel: m.words[word] }))));
  return make("div", { className: "gbo-map-tools" }, m.newKind,
    make("fieldset", { className: "gbo-map-mode" }, make("legend", { textContent: m.words.drag }), ...modes),
    make("label", {}, m.directed, m.words.directed),
    ...["undo", "redo"].map((way) => m.button(way, () => m.send("travel", { way }))), m.again, m.back);
}

export default {
  initialize({ model }) {
    model.on("msg:custom", (message) => { if (message.kind === "patch") model.set("whole", patched(model.get("whole"), message.changes)); });
  },

  render({ model, el }) {
    const m = newMap(model), { words } = m;
    for (const part of [mapDrawing, mapWire, mapEntry, mapPanels, mapActs, mapPlaces]) Object.assign(m, part(m));
    const told = make("div", { className: "gbo-map-told", aria: { live: "polite" } });
    m.root = make("div", { className: "gbo-map", data: { lmSuppressShortcuts: "true" } }, m.form,
      make("p", { id: `${m.me}-hint`, className: "gbo-map-hint", textContent: words.add_hint }), m.refused, tools(m), told,
      make("div", { className: "gbo-map-body" }, m.stage, m.panel), m.legend,
      make("p", { id: `${m.me}-keys`, className: "gbo-map-hint", textContent: words.keys }));
    el.append(m.root);
    mapPointer(m);
    mapKeys(m);

    function neighbours() {
      const near = Object.fromEntries(m.order().map((id) => [id, []]));
      for (const [, { source, target }] of m.shownTies()) for (const [a, b] of [[source, target], [target, source]]) if (!near[a].includes(b)) near[a].push(b);
      return near;
    }
    function update() {
      const orgs = m.orgs(), order = m.order(), { lines, over, directed, places } = m.whole();
      const inside = m.svg.contains(document.activeElement), had = m.nodes.size, where = m.current && m.spot(m.current);
      told.replaceChildren(...(over?.lines ?? lines).map((text, i) => make("p", { textContent: text, className: i ? "gbo-map-more" : "gbo-map-say" })));
      m.near = neighbours();
      m.boxes = Object.fromEntries(order.map((id) => [id, m.nodes.get(id)?.item === orgs[id] ? m.boxes[id] : room(orgs[id].name)]));
      for (const id in m.mine) if (same(m.mine[id], places[id])) delete m.mine[id];
      if (!orgs[m.picked]) m.picked = m.cut = null;
      if (m.tie && !m.scene().ties[m.tie] && !m.busy()) m.tie = null;
      if (!orgs[m.current]) m.current = (where && m.nearest(where, order.filter(m.spot))?.[1]) ?? null;
      m.directed.checked = directed;
      m.root.classList.toggle("gbo-map-two", !!over);
      m.placeNew();
      m.draw();
      if (m.auto && had !== m.nodes.size && (!had || order.some(m.outside))) m.fit();
      m.panels();
      m.legends();
      if (m.picked && !over && m.cut) m.send("about", { id: m.picked });
      if (inside && !m.svg.contains(document.activeElement)) m.focusOn(m.current);
    }
    update();
    const watch = new ResizeObserver(() => (m.auto ? m.fit() : m.look()));
    watch.observe(m.svg);
    const end = listen(model, { "change:whole": update, "msg:custom": m.replied });
    m.doAgain();
    return () => { watch.disconnect(); m.stopWaiting(); end(); };
  },
};
