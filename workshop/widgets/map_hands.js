// What a person does on the map: by mouse and finger, and by keys alone.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function mapActs(m) {
  const { words } = m;
  const others = (id) => m.order().filter((other) => other !== id);
  const nearest = ([x, y], ids, far = Math.hypot) => ids.map((id) => [far(m.spot(id)[0] - x, m.spot(id)[1] - y), id]).sort((a, b) => a[0] - b[0])[0];
  const renew = () => { m.paint(); m.panels(); };

  function focusOn(id) {
    m.current = m.orgs()[id] ? id : m.order()[0] ?? null;
    m.paint();
    (m.nodes.get(m.current)?.g ?? m.input).focus({ preventScroll: true });
  }
  function letGo(text = words.dropped) {
    if (m.picked || m.tie) m.status(text);
    m.picked = m.tie = m.cut = null;
    m.closeAdd();
    renew();
  }
  function pick(id) {
    Object.assign(m, { picked: id, current: id, tie: null, cut: null });
    m.status(m.whole().over ? m.orgs()[id].name : fill(words.picked, m.orgs()[id]));
    if (!m.whole().over) m.send("about", { id });
    renew();
  }
  function pickTie(key) { Object.assign(m, { tie: key, picked: null, cut: null }); renew(); }
  function tieUp(source, target) {
    const { directed, over } = m.whole(), ends = directed || source < target ? [source, target] : [target, source];
    const joins = (item) => item.kind === m.kind && (directed ? [[source, target]] : [[source, target], [target, source]]).some(([a, b]) => item.source === a && item.target === b);
    const there = Object.entries(m.scene().ties).find(([, item]) => joins(item));
    Object.assign(m, { current: target, picked: null, cut: null });
    if (over) m.status(words.readonly);
    else if (there) { pickTie(there[0]); m.status(words.exists); }
    else { m.send("tie", { source, target, of: m.kind }); m.tie = [...ends, m.kind].join("\n"); }
    renew();
  }
  const choose = (id) => { if (m.picked === id) letGo(); else if (m.picked && !m.whole().over) tieUp(m.picked, id); else pick(id); };
  function remove(id) {
    const next = nearest(m.spot(id), others(id))?.[1] ?? null;
    if (m.send("remove", { id }) === null) return;
    Object.assign(m, { picked: null, cut: null, current: next });
    if (next) focusOn(next); else m.input.focus();
  }
  function removeTie() {
    const { source, target, kind } = m.scene().ties[m.tie];
    if (m.send("untie", { source, target, of: kind })) { m.tie = null; focusOn(m.current); }
  }
  return { nearest, focusOn, letGo, pick, pickTie, tieUp, choose, remove, removeTie };
}

function mapPointer(m) {
  const { svg } = m, { over } = m.layer;
  let press = null;

  function hit(event, point) {
    const close = m.nearest(point, m.order());
    if (close && close[0] < REACH / Math.min(1, m.scale())) return close[1];
    return event.target.closest?.(".gbo-map-node, .gbo-map-name")?.dataset.id ?? null;
  }
  svg.onpointerdown = (event) => {
    if (event.button || press) return;
    const from = m.toMap(event), id = hit(event, from), key = event.target.closest?.(".gbo-map-tie")?.dataset.key;
    press = { id, key, from, pointer: event.pointerId, x: event.clientX, y: event.clientY, spot: id && [...m.spot(id)], view: { ...m.view },
      slack: event.pointerType === "mouse" ? 4 : 9 };
    svg.setPointerCapture(event.pointerId);
  };
  function point(event, where) {
    const now = event.pointerType === "mouse" ? hit(event, where) : null;
    if (now !== m.hover) { m.hover = now; m.paint(); }
  }
  function drag(event, where) {
    const { id, from, spot, view, x, y } = press;
    if (!id) m.look({ ...m.view, x: view.x - (event.clientX - x) / m.scale(), y: view.y - (event.clientY - y) / m.scale() }, false);
    else if (m.dragTies) over.replaceChildren(shape("path", { d: `M${spot}L${where}` }));
    else { m.mine[id] = [spot[0] + where[0] - from[0], spot[1] + where[1] - from[1]]; m.draw(); }
  }
  svg.onpointermove = (event) => {
    const where = m.toMap(event);
    if (!press) { point(event, where); return; }
    if (event.pointerId !== press.pointer) return;
    press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > press.slack;
    if (press.moved) drag(event, where);
  };
  function drop(event, id) {
    if (!m.dragTies) { m.current = id; m.put({ [id]: m.mine[id] }); return; }
    over.replaceChildren();
    const onto = document.elementFromPoint(event.clientX, event.clientY), target = hit({ target: onto ?? svg }, m.toMap(event));
    if (target && target !== id) m.tieUp(id, target);
  }
  function click(event, { id, key }) {
    if (id) { m.choose(id); m.focusOn(id); }
    else if (key && m.scene().ties[key]) { m.pickTie(key); m.focusOn(m.scene().ties[key].source); }
    else if (m.picked || m.tie || m.adding()) m.letGo();
    else if (m.whole().over) m.status(m.words.readonly);
    else m.openAdd(m.toMap(event));
  }
  svg.onpointerup = (event) => {
    if (!press || event.pointerId !== press.pointer) return;
    const { moved, ...what } = press;
    press = null;
    if (!moved) click(event, what); else if (what.id) drop(event, what.id);
  };
  svg.onpointercancel = () => {
    if (press?.id) { delete m.mine[press.id]; over.replaceChildren(); m.draw(); }
    press = null;
  };
  svg.onpointerleave = () => { if (m.hover) { m.hover = null; m.paint(); } };
  svg.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); m.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, m.toMap(event)); }
  }, { passive: false });
}

function mapKeys(m) {
  let steps = null;

  function move(id, [dx, dy]) {
    m.mine[id] = [m.spot(id)[0] + 20 * dx, m.spot(id)[1] + 20 * dy];
    m.draw();
    clearTimeout(steps);
    steps = setTimeout(() => m.put({ [id]: m.mine[id] ?? m.spot(id) }), 300);
  }
  function walkOn(id, [ax, ay]) {  // to the nearest one in that direction
    const [x, y] = m.spot(id), ahead = m.order().filter((other) => (m.spot(other)[0] - x) * ax + (m.spot(other)[1] - y) * ay > 1);
    const next = m.nearest([x, y], ahead, (dx, dy) => Math.abs(dx * ax + dy * ay) + 2.5 * Math.abs(dx * ay - dy * ax));
    if (!next) return;
    m.tie = null;
    m.focusOn(next[1]);
    m.show(next[1]);
    if (!m.picked) m.panels();
  }
  m.svg.onkeydown = (event) => {
    const id = event.target.closest?.(".gbo-map-node")?.dataset.id, arrow = ARROWS[event.key], chord = event.ctrlKey || event.metaKey;
    if (chord && ["z", "y"].includes(event.key.toLowerCase())) m.send("travel", { way: event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo" });
    else if (chord || event.altKey) return;
    else if (arrow && id) (event.shiftKey ? move : walkOn)(id, arrow);
    else if ((event.key === "Enter" || event.key === " ") && id) m.choose(id);
    else if (event.key === "Escape") m.letGo();
    else if (event.key === "F2" && id) { m.pick(id); m.panel.querySelector("[data-field=name]")?.select(); }
    else if ((event.key === "Delete" || event.key === "Backspace") && (m.tie || id)) { if (m.tie) m.removeTie(); else m.remove(id); }
    else return;
    event.preventDefault();
  };
  m.root.onkeydown = (event) => event.stopPropagation();
  m.svg.addEventListener("focusin", (event) => {
    const id = event.target.closest(".gbo-map-node")?.dataset.id;
    if (id && id !== m.current) { m.current = id; m.paint(); }
  });
}
