// Beside the map: the field to add by typing, what is picked, and the legend.
const NUMBERS = /^[\s,;:>→–—-]*\d[\d\s,;:>→–—-]*$/;
const PAIR = /\d+\s*[>→–—-]+\s*\d+/g;
const PAIRS = /^(?:[\s,;]*\d+\s*[>→–—-]+\s*\d+(?=[\s,;]|$)){2,}[\s,;]*$/; // 1-2, 3-4
const sample = (...drawn) => {
  const look = { width: 46, height: 30, viewBox: "0 0 46 30", "aria-hidden": "true" };
  return shape("svg", look, ...drawn);
};
const stroke = (dash, colour, width = 3) => {
  const look = { d: "M2 15H44", stroke: colour, "stroke-width": width, "stroke-dasharray": dash };
  return sample(shape("path", look));
};
const option = ([value, textContent], chosen) =>
  make("option", { value, textContent, selected: value === chosen });

// gives the focus back to what stands for the same field in a place that is drawn anew
const stand = (place, field) => {
  const there = [...place.querySelectorAll("[data-field]")];
  const same = there.find(({ dataset }) => dataset.field === field);
  if (same) same.focus({ preventScroll: true });
  else rest(place);
};

class MapEntry {
  constructor(map) {
    this.map = map;
    this.at = null; // where on the map the field stands open
    this.adds = []; // names that wait for the kernel
    this.given = new Set(); // places of what was given back
    this.lines = []; // numbers that wait for the organisations that they mean
    this.place = null; // of the draft of what is in the field
    const { words, lists, me } = map;
    const describedby = `${me}-hint`;
    const look = { id: `${me}-add`, className: "gbo-map-entry", aria: { describedby } };
    this.input = make("input", { ...look, autocomplete: "off", maxLength: 400 });
    this.input.setAttribute("list", `${me}-partners`);
    this.input.oninput = () => this.keep();
    this.input.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      this.close();
      map.focusOn(map.current);
    };
    const main = make("button", { textContent: words.add_button, className: "gbo-map-main" });
    const partners = lists.partners.map((value) => make("option", { value }));
    const called = { title: words.tools, ariaLabel: words.tools, ariaExpanded: false };
    const tools = map.button("tools", () => {
      tools.ariaExpanded = map.root.classList.toggle("gbo-map-unfolded");
    }, { className: "gbo-map-unfold", textContent: "⋯", ...called });
    this.form = make("form", { className: "gbo-map-add" },
      make("label", { htmlFor: this.input.id, textContent: words.add }),
      make("span", { className: "gbo-map-line" }, this.input, main, tools),
      make("datalist", { id: `${me}-partners` }, ...partners));
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.submit();
    };
    this.refused = make("div", { className: "gbo-map-refused" });
    this.askBack();
    setTimeout(() => this.askBack(), outbox.limits.old + 1000); // of a page that may just have gone
  }

  // ---- what is in the field is kept from the first letter, and never sent before Enter
  keep() {
    const text = this.input.value;
    if (text) this.place = this.draft(text, this.place);
    else if (this.place) {
      outbox.drop(this.map.model, this.place);
      this.place = null;
    }
  }
  draft(text, at = null) {
    const place = at ?? `map-entry/${hex()}`;
    outbox.add({ model: this.map.model, item: "map", what: { text }, place, draft: true });
    return place;
  }
  // what earlier pages had in this field
  async askBack() {
    const drafts = await outbox.drafts(this.map.model, "map-entry");
    const own = (place) => place === this.place || this.given.has(place);
    for (const { place, what } of drafts) {
      if (!own(place)) this.giveBack(what.text, place);
    }
  }
  // to the field, or to a button where something else is typed there; the two change places
  giveBack(text, place = this.draft(text)) {
    const { map, input } = this;
    this.given.add(place);
    if (!input.value) {
      input.value = text;
      this.place = place;
      return;
    }
    const onclick = (event) => {
      const [typed, at] = [input.value, this.place];
      event.target.remove();
      input.value = text;
      this.place = place;
      if (typed) this.giveBack(typed, at);
      input.focus();
    };
    const textContent = fill(map.words.put_back, { text });
    this.refused.append(map.button("add_button", onclick, { textContent }));
  }

  submit() {
    const { map, at } = this;
    const text = this.input.value;
    if (!text.trim()) return;
    if (map.over) {
      map.status(map.words.readonly);
      return;
    }
    const numbers = NUMBERS.test(text);
    const known = map.ids.length + this.adding.length;
    const pairs = numbers && text.match(PAIR)?.length > 1;
    if (pairs && !PAIRS.test(text)) {
      map.status(map.words.mixed);
      return;
    }
    this.input.value = "";
    if (numbers && (/\d\D+\d/.test(text) || Number(text.match(/\d+/)[0]) <= known)) {
      this.lines.push({ text, pairs, place: this.place });
      this.place = null;
      this.goOn();
      return;
    }
    const spot = this.used ? null : at; // a second name finds a place by itself
    this.used = true;
    const put = map.act({ do: "add", text, at: spot }, {}, (result) => this.added(text, result));
    this.adds = [...this.adding, put];
    this.keep();
  }
  added(text, { state, version, new: fresh = [] }) {
    const { map } = this;
    if (state === "refused") {
      this.used = false;
      this.giveBack(text);
    }
    if (state === "done" && fresh.length) {
      map.wanted = Math.max(map.wanted, version ?? 0);
      map.next = fresh[0];
      this.close();
    }
  }
  // names that still wait for the kernel; what failed or was deleted waits no more
  get adding() {
    return this.adds.filter((put) => outbox.mine.includes(put) && !put.record.aside);
  }
  // numbers become ids as soon as all that was added before stands on the map
  goOn() {
    const { map } = this;
    if (map.next && map.orgs.has(map.next)) {
      map.current = map.next;
      map.next = null;
      map.drawing.paint();
    }
    if (map.over || this.adding.length || map.state.version < map.wanted) return;
    for (const { text, pairs, place } of this.lines.splice(0)) {
      const ids = text.match(/\d+/g).map((number) => map.ids[number - 1] ?? null);
      const what = { do: "ties", ids, text, pairs, most: map.ids.length, of: map.kind };
      map.act(what, {}, ({ state }) => state === "refused" && this.giveBack(text));
      if (place) outbox.drop(map.model, place);
    }
  }

  // ---- the field on an empty spot of the map
  open(where) {
    const { map, form } = this;
    const { drawing } = map;
    this.at = drawing.toPlace(where);
    this.used = false;
    const [x, y] = where.map((value, axis) => value - drawing.at[axis]);
    const left = Math.max(4, Math.min(x - 40, map.stage.clientWidth - 330));
    Object.assign(form.style, { left: `${left}px`, top: `${y + 14}px` });
    map.stage.append(form);
    const d = `M${where[0] - 12} ${where[1]}h24M${where[0]} ${where[1] - 12}v24`;
    drawing.layer.over.replaceChildren(shape("path", { d }));
    this.input.focus({ preventScroll: true });
  }
  close() {
    const { map, form, input } = this;
    if (!this.at) return;
    this.at = null;
    const focused = document.activeElement === input;
    map.root.prepend(form);
    form.removeAttribute("style");
    map.drawing.layer.over.replaceChildren();
    if (focused && input.value) input.focus({ preventScroll: true }); // the next name is begun
    else if (focused) map.focusOn(map.current);
  }
}

class MapPanels {
  constructor(map) {
    this.map = map;
    this.el = make("div", { className: "gbo-map-panel" });
    this.due = 0; // the version of the network that this waits for
    this.legend = make("div", { className: "gbo-map-legend" });
    this.newKind = make("span");
    this.next = map.button("next_kind", () => this.proceed());
    this.setKind(this.begun());
  }

  // ---- fields
  field(label, control, id) {
    control.id = `${this.map.me}-${id}`;
    control.dataset.field = id;
    const name = make("label", { textContent: label, htmlFor: control.id });
    return make("span", { className: "gbo-map-field" }, name, control);
  }
  // `told` hears what became of it, `left` when it counts
  written(input, key, edit, { told, left } = {}) {
    const place = `map-panel/${this.map.picked ?? this.map.tie}/${key}`;
    const waiting = outbox.doneAt(this.map.model, place);
    if (waiting) input.value = waiting[key];
    const hold = () => this.map.act({ ...edit, [key]: input.value }, { place, hold: true }, told);
    holdText(input, place, hold, () => left?.(input.value));
    input.addEventListener("keydown", ({ key: pressed }) => {
      if (pressed === "Enter") this.map.focusOn(this.map.picked ?? this.map.current);
    });
    return input;
  }
  // from a list, or a word of one's own
  choice(label, options, value, id, changed, edit = null, key = "", how = {}) {
    const { words } = this.map;
    const known = !value || options.some(([code]) => code === value);
    const all = [...options, ...(known ? [] : [[value, value]]), ["\n", words.own]];
    const select = make("select", {}, ...all.map((one) => option(one, value)));
    const own = fill(words.own_label, { label });
    const word = make("input", { hidden: true, maxLength: 200, aria: { label: own } });
    if (edit) this.written(word, key, edit, how);
    else word.onchange = () => word.value.trim() && changed(word.value.trim());
    select.onchange = () => {
      word.hidden = select.value !== "\n";
      if (word.hidden) changed(select.value);
      else word.focus();
    };
    return make("span", {}, this.field(label, select, id), word);
  }
  kindsOfTie() {
    const { lists, kinds } = this.map;
    const known = new Set(lists.kinds.map(([code]) => code));
    const own = [...kinds.values()].filter(({ id }) => !known.has(id));
    return [...lists.kinds, ...own.map(({ id, label }) => [id, label])];
  }
  kindCalled(word) { // as `kind_of` reads what is typed
    const typed = word.trim().replace(/\s+/g, " ");
    const same = ([, label]) => label.toLowerCase() === typed.toLowerCase();
    return this.map.lists.kinds.filter(([code]) => code).find(same)?.[0] ?? typed;
  }
  setKind(value) {
    const { map } = this;
    map.kind = value;
    const changed = (code) => this.setKind(code);
    const choice = this.choice(map.words.kind, this.kindsOfTie(), value, "kind", changed);
    this.newKind.replaceChildren(choice);
    const next = this.nextKind();
    this.next.hidden = !next;
    if (next) this.next.textContent = fill(map.words.next_kind, { kind: next[1] });
  }
  // a table draws one kind after another; it may skip, and choose another one itself
  begun() {
    const { lists, ties } = this.map;
    const last = [...ties.values()].at(-1);
    return last ? last.kind : lists.steps[0]?.[0] ?? "";
  }
  nextKind() {
    const { steps } = this.map.lists;
    return steps[steps.findIndex(([code]) => code === this.map.kind) + 1];
  }
  proceed() {
    const { map } = this;
    map.letGo();
    this.setKind(this.nextKind()[0]);
    const [, kind] = this.kindsOfTie().find(([code]) => code === map.kind);
    map.status(fill(map.words.one_kind, { kind }));
    if (this.next.hidden) this.newKind.querySelector("select").focus();
  }

  // ---- what is picked
  tie({ source, target, kind, strength, trust }) {
    const { map } = this;
    const { words, lists, orgs } = map;
    const { directed } = map.state;
    const edit = { do: "set_tie", source, target, of: kind };
    const before = map.tie;
    let after = null;
    const becomes = (...key) => { // it is another one then
      after = key.join("\n");
      map.tie = after;
    };
    const told = ({ state, version }) => {
      if (state === "done") this.due = version ?? 0;
      if (state === "refused" && map.tie === after) map.tie = before;
    };
    const move = (values, ...key) => map.act({ ...edit, ...values }, {}, told) && becomes(...key);
    const left = (word) => {
      becomes(source, target, this.kindCalled(word));
      setTimeout(() => this.look()); // as soon as the focus stands in the next field
    };
    const names = { source: orgs.get(source).name, target: orgs.get(target).name };
    const level = make("select", {}, ...lists.trust.map((one) => option(one, String(trust ?? ""))));
    level.onchange = () => map.act({ ...edit, trust: level.value });
    const number = strength === null ? "" : String(strength).replace(".", ",");
    const field = make("input", { value: number, maxLength: 40, autocomplete: "off" });
    const to = (code) => move({ to: code }, source, target, code);
    const turn = () => move({ turn: true }, target, source, kind);
    const once = (event) => { // whoever holds the key turns it once
      if (event.repeat && event.key === "Enter") event.preventDefault();
    };
    return [
      make("h3", { textContent: fill(directed ? words.tie_from : words.tie_between, names) }),
      this.choice(words.tie_kind, this.kindsOfTie(), kind, "of", to, edit, "to", { told, left }),
      this.field(words.strength, this.written(field, "strength", edit), "strength"),
      this.field(words.trust, level, "trust"),
      directed && map.button("turn", turn, { onkeydown: once }),
      map.button("untie", () => map.removeTie()),
    ].filter(Boolean);
  }
  organisation(item) {
    const { map } = this;
    const { words, lists, cut } = map;
    const { id } = item;
    const title = make("h3", { textContent: `${item.n}. ${item.name}` });
    if (map.over) return [title, this.tiesOf(item)];
    const name = make("input", { value: item.name, maxLength: 400, autocomplete: "off" });
    const edit = { do: "sector", id };
    const changed = (sector) => map.act({ ...edit, sector });
    return [
      title,
      make("p", { className: "gbo-map-cutoff", textContent: cut?.text, hidden: !cut }),
      this.field(words.name, this.written(name, "name", { do: "rename", id }), "name"),
      this.choice(words.sector, lists.sectors, item.sector, "sector", changed, edit, "sector"),
      map.button("remove", () => map.remove(id)),
      this.tiesOf(item),
    ];
  }
  tiesOf(item) {
    const { map } = this;
    const arrows = map.state.directed && !map.over;
    const mine = [...map.ties.values()].filter((tie) => [tie.source, tie.target].includes(item.id));
    const rows = mine.map(({ key, source, target, kind }) => {
      const from = source === item.id;
      const arrow = !arrows ? "" : from ? "→ " : "← ";
      const { name } = map.orgs.get(from ? target : source);
      const look = map.over ? null : map.kinds.get(kind);
      const pick = () => {
        map.choose(null, key);
        this.el.querySelector("select")?.focus();
      };
      const textContent = `${arrow}${name}${look ? ` (${look.label})` : ""}`;
      return make("li", {}, map.button("close", pick, { textContent, data: { field: key } }));
    });
    if (!rows.length) return "";
    const title = make("summary", { textContent: fill(map.words.ties_of, item) });
    return make("details", { open: rows.length < 9 }, title, make("ul", {}, ...rows));
  }
  // while a tie gets another kind, or is turned, nothing else can be said about it
  look() {
    const { map, el } = this;
    const waits = outbox.underWay(map.model).some(({ what }) =>
      what.do === "set_tie" && ("to" in what || what.turn));
    const shut = waits || this.due > map.state.version;
    const opens = el.inert && !shut;
    const active = document.activeElement;
    if (shut && el.contains(active)) this.stood = active.dataset.field;
    el.inert = shut;
    if (!opens) return;
    this.draw();
    if (this.stood && document.activeElement === document.body) stand(el, this.stood);
    this.stood = null; // who went on elsewhere stays there
  }
  draw() {
    const { map, el } = this;
    if (el.inert) return;
    const focus = focusIn(el);
    const shown = el.dataset.of;
    const of = map.tie ?? map.picked ?? "";
    if (focus?.tagName === "INPUT" && shown === of) return; // somebody is typing there
    const item = map.orgs.get(map.picked);
    const tie = map.over ? null : map.ties.get(map.tie);
    const close = map.button("close", () => {
      map.letGo();
      map.focusOn(map.current);
    });
    const parts = tie ? this.tie(tie) : item ? this.organisation(item) : null;
    el.dataset.of = of;
    el.replaceChildren(...(parts ? [...parts, close] : []));
    el.hidden = !parts;
    if (focus && parts) stand(el, focus.dataset.field);
  }

  // ---- the legend
  hidden() { // as it will be, whatever is on its way
    const { map } = this;
    const waits = outbox.underWay(map.model).findLast(({ what }) => what.do === "hide");
    const sent = this.hid?.version > map.state.map ? this.hid.kinds : map.state.hidden;
    return waits?.what.kinds ?? sent;
  }
  hide(id, yes) {
    const others = this.hidden().filter((other) => other !== id);
    const kinds = yes ? [...others, id] : others;
    this.map.act({ do: "hide", kinds }, { item: "map" }, ({ state, version }) => {
      if (state === "done") this.hid = { kinds, version };
    });
  }
  // who draws a tie of a kind that is hidden sees that kind again; what to say of that
  reveal(id) {
    if (this.map.over || !this.hidden().includes(id)) return "";
    this.hide(id, false);
    const [, kind] = this.kindsOfTie().find(([code]) => code === id) ?? [id, id];
    return ` ${fill(this.map.words.shown_again, { kind })}`;
  }
  kindRow({ id, label, dash, colour }) {
    const checked = !this.hidden().includes(id);
    const box = make("input", { type: "checkbox", checked, data: { field: id } });
    box.onchange = () => this.hide(id, !box.checked);
    return make("li", {}, make("label", {}, box, stroke(dash, colour), label));
  }
  // what the width of a line says, and a switch where it could say two things
  widths() {
    const { words, lists, me, known, shows, over, drawing } = this.map;
    if (over || !known.length) return [];
    const switches = known.map((key) => {
      const look = { checked: key === shows, data: { field: `width-${key}` } };
      const box = make("input", { type: "radio", name: `${me}-width`, ...look });
      box.onchange = () => {
        this.map.shows = this.map.wish = key;
        drawing.draw();
        this.drawLegend();
      };
      return make("li", {}, make("label", {}, box, words[`width_${key}`]));
    });
    const levels = lists.trust.filter(([level]) => ["", "1", "5"].includes(level));
    const samples = shows === "strength" ? [] : levels.map(([level, label]) => {
      const width = thickness(Number(level), "trust");
      return make("li", {}, stroke(null, "#1a1a1a", width), label);
    });
    return [...switches, ...samples];
  }
  drawLegend() {
    const { map, legend } = this;
    const { words, over } = map;
    const sectors = new Map([...map.orgs.values()].map((item) => [item.label, item]));
    const kinds = over
      ? Object.entries(SIDES).map(([side, look]) =>
        make("li", {}, stroke(...look), words[`side_${side}`]))
      : [...map.kinds.values()].map((kind) => this.kindRow(kind));
    const marks = [...sectors].map(([label, item]) => {
      const mark = put(sign({ ...item, lead: false }), { transform: "translate(23 15) scale(.8)" });
      return make("li", {}, sample(mark), label);
    });
    const held = focusIn(legend)?.dataset.field;
    const list = (title, items) => items.length
      ? make("div", {}, make("strong", { textContent: title }), make("ul", {}, ...items)) : "";
    const title = over ? words.lines : words.kinds;
    legend.replaceChildren(list(title, kinds), list(words.width, this.widths()),
      list(words.sectors, marks));
    if (held !== undefined) stand(legend, held);
    if (!this.newKind.contains(document.activeElement)) this.setKind(map.kind);
  }
}

