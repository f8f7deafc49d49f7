// The network map. The kernel holds the network and sends it whole; what a person does goes through
// the outbox, by ids. Drawing, panels and hands have scripts of their own.
class NetworkMap {
  constructor(model, el, signal) {
    this.model = model;
    this.left = 0; // the version in which what was taken away last is gone
    this.words = model.get("words");
    this.lists = model.get("lists");
    this.me = `gbo-map-${hex()}`;
    this.kind = ""; // of a new tie, see MapPanels.begun
    this.wish = null; // what the width of lines is to show: strength or trust
    this.picked = null; // an organisation
    this.tie = null; // key of the tie that is picked
    this.current = null; // where the keyboard is
    this.lit = []; // who is named in a sentence of the page that is pointed at
    this.held = []; // or was clicked, or has the focus
    this.cut = null; // who loses touch if the one that is picked leaves
    this.mine = new Map(); // places that the kernel does not have yet
    this.boxes = {};
    this.rooms = new Map(); // by name
    this.wanted = 0; // version of the network that has all that was added here
    this.drawing = new MapDrawing(this);
    this.svg = this.drawing.svg;
    this.read();
    this.build(el);
    outbox.join(model, signal);
    outbox.watch(() => {
      this.entry.goOn();
      this.panels.look();
    }, signal);
    model.on("msg:custom", (content) => this.heard(content));
    model.on("change:state", () => this.update());
    const light = (event) => this.light(event);
    listen(document, { pointerover: light, focusin: light, click: light }, signal);
    this.update();
    new ResizeObserver(() =>
      (this.drawing.auto ? this.drawing.fit() : this.drawing.look())).observe(this.svg);
  }

  build(el) {
    const { words, svg } = this;
    const say = (id, text) =>
      make("p", { id: `${this.me}-${id}`, className: "gbo-map-hint", textContent: text });
    this.empty = make("p", { className: "gbo-map-empty", textContent: words.empty });
    this.said = make("p", { className: "gbo-map-status", role: "status" });
    this.lines = make("div", { className: "gbo-map-told", aria: { live: "polite" } });
    this.asked = make("div", { className: "gbo-map-asked", role: "group" });
    this.asked.onkeydown = ({ key }) => {
      if (key === "Escape") this.answered(); // no other key is taken from its buttons
    };
    this.panels = new MapPanels(this);
    this.entry = new MapEntry(this);
    const { drawing } = this;
    const zooms = [["bigger", "+", () => drawing.zoom(1.3)],
      ["smaller", "−", () => drawing.zoom(1 / 1.3)], ["fit", "⤢", () => drawing.fit()]];
    this.corner = make("div", { className: "gbo-map-zooms" }, ...zooms.map(([word, sign, act]) =>
      this.button(word, act, { textContent: sign, title: words[word], ariaLabel: words[word] })));
    this.stage = make("div", { className: "gbo-map-stage" }, svg, this.empty, this.said, this.asked,
      this.corner);
    const side = make("div", { className: "gbo-map-side" }, this.panels.el, this.panels.legend);
    this.root = make("div", { className: "gbo-map", data: { lmSuppressShortcuts: "true" } },
      this.entry.form, say("hint", words.add_hint), this.entry.refused, this.tools(), this.lines,
      make("div", { className: "gbo-map-body" }, this.stage, side), say("keys", words.keys));
    el.append(this.root);
    this.pointer = new MapPointer(this);
    new MapKeys(this);
  }
  button(word, onclick, more = {}) {
    return button(this.words[word], onclick, { data: { field: word }, ...more });
  }
  tools() {
    const { words } = this;
    const onchange = () => {
      const put = this.act({ do: "directed", yes: this.directed.checked });
      if (!put) this.directed.checked = this.state.directed;
    };
    this.directed = make("input", { type: "checkbox", onchange });
    this.back = this.button("back", () => {
      this.put(this.before);
      this.back.hidden = true;
      this.drawing.fit();
      this.focusOn(this.current);
    }, { hidden: true });
    const again = this.button("again", () => {
      this.before = Object.fromEntries(this.ids.map((id) => [id, this.spot(id)]));
      this.layAll(false);
      this.back.hidden = false;
      this.status(words.laid);
    });
    return make("div", { className: "gbo-map-tools" }, this.panels.newKind,
      this.panels.next,
      make("label", {}, this.directed, words.directed),
      ...["undo", "redo"].map((way) => this.button(way, () => this.travel(way))), again, this.back);
  }

  // ---- what the kernel says

  read() {
    const state = this.model.get("state");
    const { over, kinds, places, sectors, lead } = state;
    this.state = state;
    this.over = over;
    const look = ([id, label, dash, colour]) => [id, { id, label, dash, colour }];
    this.kinds = new Map(kinds.map(look));
    this.places = new Map(state.orgs.map(([id], i) => [id, places[i]]));
    this.orgs = new Map((over ?? state).orgs.map(([id, name, sector, side = null], i) => {
      const [word, label, form, colour] = (over?.sectors ?? sectors)[sector];
      const looks = { sector: word, label, shape: form, colour, lead: !over && id === lead };
      return [id, { id, name, n: i + 1, side, ...looks }];
    }));
    this.ids = [...this.orgs.keys()];
    this.near = Object.fromEntries(this.ids.map((id) => [id, []]));
    this.ties = new Map((over ?? state).ties.map(([a, b, kind, ...more]) => {
      const [source, target, pair] = [this.ids[a], this.ids[b], [a, b].sort().join()];
      const id = over ? "" : kinds[kind][0];
      const [strength = null, trust = null] = over ? [] : more;
      const side = over ? kind : null;
      const key = `${source}\n${target}\n${id}`;
      return [key, { key, source, target, kind: id, strength, trust, side, pair }];
    }));
    const hidden = new Set(over ? [] : state.hidden);
    this.shownTies = [...this.ties.values()].filter(({ kind }) => !hidden.has(kind));
    this.known = ["strength", "trust"].filter((key) => this.shownTies.some((tie) => tie[key]));
    this.shows = this.known.includes(this.wish) ? this.wish : this.known[0];
    for (const { source, target } of this.shownTies) {
      if (!this.near[source].includes(target)) this.near[source].push(target);
      if (!this.near[target].includes(source)) this.near[target].push(source);
    }
    for (const { id, name } of this.orgs.values()) {
      if (!this.rooms.has(name)) this.rooms.set(name, room(name));
      this.boxes[id] = this.rooms.get(name);
    }
    for (const [id, { spot, done, over: lent }] of this.mine) {
      const there = this.places.get(id);
      const same = there && there[0] === spot[0] && there[1] === spot[1];
      const past = lent && !over; // moved while two maps lay over each other, and kept nowhere
      if (same || past || done && done <= state.map || !this.orgs.has(id)) this.mine.delete(id);
    }
  }
  update() {
    const { drawing, panels } = this;
    const [inside, beside] = [this.svg, panels.el].map((part) =>
      part.contains(document.activeElement));
    const had = drawing.nodes.size;
    const where = this.orgs.has(this.current) ? drawing.drawn(this.current) : null;
    this.read();
    const lines = (this.over ?? this.state).lines.map((text, i) =>
      make("p", { textContent: text, className: i ? "gbo-map-more" : "gbo-map-say" }));
    this.lines.replaceChildren(...lines);
    this.directed.checked = this.state.directed;
    this.root.classList.toggle("gbo-map-two", Boolean(this.over));
    this.placeNew();
    if (!this.orgs.has(this.picked)) this.picked = this.cut = null;
    if (!this.orgs.has(drawing.hover)) drawing.hover = null;
    this.lit = this.lit.filter((id) => this.orgs.has(id));
    this.held = this.held.filter((id) => this.orgs.has(id));
    if (!this.ties.has(this.tie) && !this.busy()) this.tie = null;
    const gone = !this.orgs.has(this.current);
    if (gone) {
      const next = where && this.nearest(where, this.ids);
      this.current = next?.[1] ?? this.ids[0] ?? null;
    }
    drawing.renew();
    this.pointer.held(); // lets go of what is gone
    const outside = !had || this.ids.some((id) => drawing.outside(id));
    if (drawing.auto && had !== drawing.nodes.size && outside) drawing.fit();
    panels.look();
    panels.draw();
    panels.drawLegend();
    if (this.picked && !this.over && this.cut) this.ask(this.picked);
    const lost = inside && !this.svg.contains(document.activeElement);
    if (lost && !gone) this.focusOn(this.current);
    else if (lost || beside && panels.el.hidden) rest(this.svg);
    this.entry.goOn();
  }
  heard({ kind, text, ...content }) {
    if (kind === "said") this.status(text);
    if (kind !== "about" || content.id !== this.picked) return;
    this.cut = { ...content, text };
    this.panels.draw();
    this.drawing.paint();
  }
  // a sentence of the page that names organisations: they light up, and a click leads to the map
  light({ type, target }) {
    const named = target.closest?.("[data-light]");
    const ids = named ? JSON.parse(named.dataset.light).filter((id) => this.orgs.has(id)) : [];
    if (type !== "pointerover") this.held = ids; // a page that scrolls moves under the pointer
    const lit = ids.length ? ids : this.held;
    if (type === "click" && ids.length) {
      this.status(ids.map((id) => this.orgs.get(id).name).join(", "));
      this.svg.scrollIntoView({ block: "nearest" });
    }
    if (lit.join() === this.lit.join()) return;
    this.lit = lit;
    this.drawing.paint();
  }
  status(text) {
    this.said.textContent = text;
  }

  // ---- what goes to the kernel

  // null where nothing can be drawn now
  act(what, { item = "network", ...how } = {}, told = () => {}) {
    if (this.over && what.do !== "place") {
      this.status(this.words.readonly);
      return null;
    }
    const { model, state } = this;
    const base = item === "map" ? state.map : state.version;
    setTimeout(() => this.busy() && this.status(this.words.busy), 500);
    return outbox.add({ model, item, base, what, ...how }, (result) => {
      const kind = ["tie", "ties"].includes(what.do) ? what.of : what.to;
      const drawn = result.state === "done" && kind !== undefined;
      const more = drawn ? this.panels.reveal(this.panels.kindCalled(kind)) : "";
      if (result.text) this.status(result.text + more);
      told(result);
    });
  }
  busy() {
    return outbox.underWay(this.model).some(({ item }) => item === "network");
  }
  // what was taken away and is still drawn: who presses Delete once more means that
  going() {
    if (this.left > this.state.version || this.panels.el.inert) return true;
    return outbox.underWay(this.model).some(({ item, what }) => {
      if (item !== "network") return false;
      if (what.do === "remove") return this.orgs.has(what.id);
      return what.do === "untie" && this.ties.has([what.source, what.target, what.of].join("\n"));
    });
  }
  travel(way) {
    outbox.release(); // steps of the arrow keys that are held
    toKernel(this.model, { kind: "travel", way });
  }
  ask(id) {
    toKernel(this.model, { kind: "about", id });
  }

  // ---- places

  spot(id) {
    return this.mine.get(id)?.spot ?? this.places.get(id) ?? null;
  }
  put(places, { quiet = false, ...how } = {}) {
    const fresh = {};
    for (const [id, place] of Object.entries(places)) {
      fresh[id] = place.map((value) => Math.round(value * 10) / 10);
      this.mine.set(id, { spot: fresh[id], over: Boolean(this.over) });
    }
    const told = (result) => {
      for (const id in fresh) {
        const mine = this.mine.get(id);
        if (mine?.spot !== fresh[id]) continue;
        if (result.state === "refused") this.mine.delete(id);
        else if (result.state === "done") mine.done = result.version ?? 1;
      }
    };
    if (!this.over) this.act({ do: "place", places: fresh, quiet }, { item: "map", ...how }, told);
    if (!quiet) this.drawing.draw();
  }
  // all of it only when asked, newcomers near those they are tied to
  layAll(quiet) {
    if (!this.ids.length) return;
    this.put(layOut(this.ids, this.near, this.boxes), { quiet });
    if (!quiet) this.drawing.fit();
  }
  placeNew() {
    const lost = this.ids.filter((id) => !this.spot(id));
    if (lost.length === this.ids.length && lost.length > 1) {
      this.layAll(true);
      return;
    }
    const { drawing } = this;
    const placed = this.ids.filter((id) => this.spot(id));
    const scale = Math.min(1, drawing.air / 132);
    const taken = placed.map((id) => edges(this.boxes[id], drawing.drawn(id), scale));
    const fresh = Object.create(null); // an id may be called like anything
    const there = (id) => fresh[id] ?? (this.spot(id) && drawing.drawn(id));
    const friends = (id) => this.near[id].map(there);
    const known = (id) => friends(id).filter(Boolean);
    while (lost.length) {
      const id = lost.reduce((a, b) => (known(b).length > known(a).length ? b : a));
      const around = known(id);
      const want = around.length
        ? [0, 1].map((axis) => average(around.map((spot) => spot[axis]))) : drawing.middle();
      const { half, down } = this.boxes[id];
      fresh[id] = freeSpot({ half: half + 30, down: down + 30 }, want, taken, scale);
      taken.push(edges(this.boxes[id], fresh[id], scale));
      lost.splice(lost.indexOf(id), 1);
    }
    const places = Object.entries(fresh).map(([id, spot]) => [id, drawing.toPlace(spot)]);
    if (places.length) this.put(Object.fromEntries(places), { quiet: true });
  }
  nearest([x, y], ids, far = Math.hypot) { // in pixels
    let best = null;
    for (const id of ids) {
      const [px, py] = this.drawing.drawn(id);
      const away = far(px - x, py - y);
      if (!best || away < best[0]) best = [away, id];
    }
    return best;
  }

  // ---- picking, tying, taking away

  focusOn(id) {
    this.current = this.orgs.has(id) ? id : this.ids[0] ?? null;
    this.drawing.paint();
    (this.drawing.nodes.get(this.current)?.g ?? this.entry.input).focus({ preventScroll: true });
  }
  // dropped on another: is a line meant?
  offer(source, target) {
    const { words, asked } = this;
    const place = this.spot(source);
    const names = { source: this.orgs.get(source).name, target: this.orgs.get(target).name };
    this.mine.delete(source);
    this.current = source;
    this.choose(null);
    this.drawing.draw();
    const yes = this.button("offer_yes", () => this.answered(() => this.tieUp(source, target)));
    const no = this.button("offer_no", () => this.answered(() => this.put({ [source]: place })));
    asked.replaceChildren(make("p", { textContent: fill(words.offer, names) }), yes, no);
    yes.focus();
  }
  answered(act = () => {}) {
    act();
    this.asked.replaceChildren();
    this.focusOn(this.current);
  }
  choose(picked, tie = null) {
    this.asked.replaceChildren();
    Object.assign(this, { picked, tie, cut: null });
    this.drawing.paint();
    this.panels.draw();
  }
  letGo() {
    if (this.picked || this.tie) this.status(this.words.dropped);
    this.entry.close();
    this.choose(null);
  }
  pick(id) {
    const { name } = this.orgs.get(id);
    this.current = id;
    this.status(this.over ? name : fill(this.words.picked, { name }));
    this.choose(id);
    if (!this.over) this.ask(id);
  }
  tieUp(source, target) {
    const { directed } = this.state;
    const pair = directed || source < target ? [source, target] : [target, source];
    const key = [...pair, this.kind].join("\n");
    const turned = [pair[1], pair[0], this.kind].join("\n");
    const there = [key, directed ? null : turned].find((one) => this.ties.has(one));
    this.current = target;
    if (there && !this.over) this.status(this.words.exists + this.panels.reveal(this.kind));
    else this.act({ do: "tie", source, target, of: this.kind });
    this.choose(null, this.over ? null : there ?? key);
  }
  press(id) {
    if (this.picked === id) this.letGo();
    else if (this.picked && !this.over) this.tieUp(this.picked, id);
    else this.pick(id);
  }
  remove(id) {
    const others = this.ids.filter((other) => other !== id);
    const next = this.nearest(this.drawing.drawn(id), others)?.[1];
    if (!this.act({ do: "remove", id }, {}, (result) => this.gone(result))) return;
    this.choose(null);
    if (next) this.focusOn(next);
    else this.entry.input.focus();
  }
  removeTie() {
    const { source, target, kind } = this.ties.get(this.tie) ?? {};
    const what = { do: "untie", source, target, of: kind };
    if (!source || !this.act(what, {}, (result) => this.gone(result))) return;
    this.choose(null);
    this.focusOn(this.current);
  }
  gone({ state, version }) {
    if (state === "done") this.left = version ?? 0;
  }
}

export default view((...shown) => new NetworkMap(...shown));
