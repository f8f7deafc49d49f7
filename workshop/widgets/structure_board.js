// The structure board: cards of partners on tables. Drag, tap and tap, or keys alone.
const SLOP = 6;
const EDGE = 48;
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const turned = (all, from, step) => all[(from + step + all.length) % all.length];

class Board {
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.words = model.get("words");
    this.picked = null; // { card, from }
    this.drag = null;
    this.wanted = null; // where a card goes that was just put down
    this.over = null; // the table that was weighed last
    this.live = make("p", { className: "gbo-board-live", role: "status" });
    this.strip = make("div", { className: "gbo-board-strip" });
    this.tray = make("section", { className: "gbo-board-tray" });
    this.tables = make("div", { className: "gbo-board-tables" });
    el.classList.add("gbo-board");
    el.append(make("p", { className: "gbo-hint", textContent: this.words.help }), this.strip,
      this.live, make("div", { className: "gbo-board-main" }, this.tray, this.tables));
    el.onkeydown = (event) => this.key(event);
    el.onclick = (event) => this.click(event);
    el.onpointerdown = (event) => this.down(event);
    const up = (event) => this.up(event);
    const move = (event) => this.move(event);
    listen(window, { pointermove: move, pointerup: up, pointercancel: up }, signal);
    outbox.join(model, signal);
    model.on("msg:custom", (content) => this.heard(content));
    model.on("change:state", () => this.draw());
    this.draw();
  }

  // ---- words

  say(text) {
    this.live.textContent = "";
    this.live.textContent = text;
  }
  tell(word, values) {
    this.say(fill(this.words[word], values));
  }
  title(area) {
    return this.titles[area] ?? this.words[area] ?? "";
  }
  name(card) {
    return this.state.cards[card]?.name ?? "";
  }

  // ---- what somebody does

  act(what, how = {}) {
    const { model, state } = this;
    outbox.add({ model, item: "structure", base: state.version, what, ...how }, (result) => {
      if (result.state === "done") return;
      this.wanted = null;
      if (result.text) this.say(result.text);
    });
  }
  heard({ kind, card, to, text }) {
    if (kind === "said") this.say(text);
    if (kind !== "weighed" || to !== this.over || !this.state.cards[card]) return;
    const values = { name: this.name(card), area: this.title(to) };
    this.say(`${fill(this.words[this.picked ? "over" : "dropped"], values)} ${text}`);
    if (this.drag?.ghost) this.drag.ghost.textContent = `${values.name}: ${text}`;
  }
  weigh(to, { card, from } = this.picked) { // what the card would change there
    if (to === this.over) return;
    this.over = to;
    if (to) toKernel(this.model, { kind: "weigh", card, from, to });
  }
  pick(card, from) {
    this.picked = { card, from };
    this.over = null;
    this.mark();
    this.tell("picked", { name: this.name(card) });
  }
  letGo(back = false) {
    if (this.drag) {
      this.endDrag();
      this.swallow = true; // the click that follows where the mouse is let go
    }
    if (!this.picked) return;
    const { card, from } = this.picked;
    this.picked = null;
    this.mark();
    if (!back) return;
    this.over = null;
    this.say(this.words.stopped);
    this.focus(from, card);
  }
  drop(area) {
    const { card, from } = this.picked;
    this.letGo(area === from);
    if (area === from) return;
    this.weigh(area, { card, from });
    this.wanted = { area, card };
    this.tell("dropped", { name: this.name(card), area: this.title(area) });
    this.act({ do: "seat", card, from, to: area });
  }
  takeAway(card, from) {
    if (!from) return;
    this.wanted = { area: "", card };
    this.tell("taken", { name: this.name(card), area: this.title(from) });
    this.act({ do: "unseat", card, from });
  }
  // what is picked up looks so, and stays picked up when the board is drawn anew
  mark() {
    const { card, from } = this.picked ?? {};
    this.el.toggleAttribute("data-picking", Boolean(this.picked));
    for (const node of this.targets()) {
      if (node.tagName !== "BUTTON") node.tabIndex = this.picked ? 0 : -1;
    }
    for (const node of this.el.querySelectorAll(".gbo-card")) {
      const here = node.dataset.card === card && node.dataset.from === from;
      node.setAttribute("aria-pressed", String(here));
    }
  }
  targets() {
    return [...this.tables.querySelectorAll("[data-area]")];
  }
  focus(area, card) {
    const cards = [...this.el.querySelectorAll(".gbo-card")];
    const found = cards.filter((node) => node.dataset.card === card);
    const best = found.find((node) => node.dataset.from === area) ?? found.at(-1);
    best?.focus({ preventScroll: false });
  }

  // ---- what is there

  button(look, textContent, data, aria = {}) {
    return make("button", { type: "button", className: `gbo-${look}`, textContent, data, aria });
  }
  card(id, from, also) {
    const { words } = this;
    const { name, reach, sector, tables } = this.state.cards[id];
    const far = words[`reach.${reach}`];
    const under = (from ? [also] : [sector, tables]).filter(Boolean).join(" · ");
    const description = far ? { description: far } : {};
    const card = this.button("card", "", { card: id, from, reach: reach ?? "" }, description);
    const aria = { hidden: "true" };
    const letter = { className: "gbo-card-badge", textContent: words[`letter.${reach}`], aria };
    const text = make("span", { className: "gbo-card-text" }, make("strong", { textContent: name }),
      " ", under ? make("small", { textContent: under, title: under }) : null);
    const grip = { className: "gbo-card-grip", textContent: "⠿", aria };
    card.append(make("span", grip), ...(reach ? [make("span", letter)] : []), text);
    return card;
  }
  seat({ id, also }, { id: area, came }) {
    const label = fill(this.words.off, { name: this.name(id) });
    const off = this.button("card-off", "×", { off: id, from: area }, { label });
    const isNew = came.includes(id);
    const under = [isNew ? this.words.came : "", also].filter(Boolean).join(" · ");
    const className = isNew ? "gbo-came" : "";
    return make("li", { className }, this.card(id, area, under), off);
  }
  went(name) { // who or what is no longer here, compared with the chosen variant
    const textContent = fill(this.words.went, { name });
    return make("li", { className: "gbo-went", textContent });
  }
  theme({ id, theme, title }) {
    const { words, model } = this;
    const place = `theme/${id}`;
    const value = outbox.doneAt(model, place)?.theme ?? theme;
    const aria = { label: `${words.theme}: ${title}` };
    const look = { placeholder: words.theme, data: { theme: id }, aria };
    const input = make("input", { type: "text", value, maxLength: 200, ...look });
    input.addEventListener("keydown", (event) => event.stopPropagation());
    return holdText(input, place, () => {
      this.act({ do: "theme", table: id, theme: input.value }, { place, hold: true });
    });
  }
  area(area) {
    const { words } = this;
    const { id, title, count: seats } = area;
    const label = `${words.remove}: ${title}`;
    const remove = this.button("area-remove", words.remove, { remove: id }, { label });
    const empty = make("li", { className: "gbo-hint", textContent: words.empty });
    const rows = [...area.seats.map((seat) => this.seat(seat, area)),
      ...area.went.map((name) => this.went(name))];
    const told = [seats, area.new].filter(Boolean).join(" · ");
    const head = make("div", { className: "gbo-area-head" }, area.named ? this.theme(area) : null,
      make("span", { className: "gbo-hint", textContent: told }), remove);
    const aria = { label: `${title}, ${seats}` };
    const look = { className: "gbo-area", role: "group", tabIndex: -1, data: { area: id }, aria };
    const list = make("ul", { className: "gbo-cards" }, ...(rows.length ? rows : [empty]));
    return make("div", look, area.removable ? head : null, list);
  }
  part({ id, title, areas, add, gone }) {
    const more = add.map((kind) =>
      this.button("area-new", this.words[`new-${kind}`], { area: `new-${kind}` }));
    const head = make("div", { className: "gbo-part-head" },
      make("h3", { textContent: title }), ...more);
    const left = make("ul", { className: "gbo-cards" }, ...gone.map((name) => this.went(name)));
    return make("section", { className: "gbo-part", data: { part: id } }, head,
      make("div", { className: "gbo-areas" }, ...areas.map((area) => this.area(area))),
      gone.length ? left : null);
  }
  drawStrip() {
    const { words, state } = this;
    const keys = state.legend.map(({ reach, n }) => {
      const letter = { className: "gbo-card-badge", textContent: words[`letter.${reach}`] };
      const said = `${words[`reach.${reach}`]}: ${n}`;
      return make("span", { className: "gbo-key", data: { reach } }, make("span", letter), said);
    });
    const figures = state.figures.map((textContent) =>
      make("span", { className: "gbo-figure", textContent }));
    this.strip.replaceChildren(...keys, ...figures);
  }
  draw() {
    const { el, tray } = this;
    const here = focusIn(el);
    const data = { ...here?.dataset };
    const places = () => [...el.querySelectorAll("button, input")];
    const after = Node.DOCUMENT_POSITION_FOLLOWING; // what is in it counts as after it
    const at = places().findIndex((one) =>
      one === here || here?.compareDocumentPosition(one) & after);
    const scroll = tray.querySelector(".gbo-cards")?.scrollTop ?? 0;
    this.state = this.model.get("state");
    const areas = this.state.parts.flatMap((part) => part.areas);
    this.titles = Object.fromEntries(areas.map(({ id, title }) => [id, title]));
    this.drawStrip();
    const cards = this.state.tray.map((id) => make("li", {}, this.card(id, "", "")));
    const pool = make("ul", { className: "gbo-cards" }, ...cards);
    tray.replaceChildren(make("h3", { textContent: this.words.cards }), pool);
    pool.scrollTop = scroll;
    this.tables.replaceChildren(...this.state.parts.map((part) => this.part(part)));
    const gone = ({ card, from }) => !(from
      ? areas.some(({ id, seats }) => id === from && seats.some((seat) => seat.id === card))
      : this.state.tray.includes(card));
    if (this.picked && gone(this.picked)) { // another page took it away meanwhile
      this.picked = this.over = null;
      this.say(this.words.stopped);
    }
    if (this.drag && gone(this.drag)) this.endDrag();
    this.mark();
    this.backTo(here, data);
    if (!here || el.contains(document.activeElement)) return;
    const left = places(); // what had the focus is gone: beside what stands there now
    rest(left[Math.max(0, Math.min(at, left.length - 1))]?.parentElement ?? el);
  }
  // whoever is at a card, a table or a theme stays there
  backTo(here, { theme, card, from, area }) {
    if (theme !== undefined) {
      const field = this.el.querySelector(`[data-theme="${CSS.escape(theme)}"]`);
      field?.focus({ preventScroll: true });
      field?.setSelectionRange(here.selectionStart, here.selectionEnd);
    } else if (this.wanted) this.focus(this.wanted.area, this.wanted.card);
    else if (card) this.focus(from, card);
    else if (area) this.targets().find((node) => node.dataset.area === area)?.focus();
    this.wanted = null;
  }

  // ---- keys and taps

  key(event) {
    const { key, target } = event;
    const { picked } = this;
    const step = STEPS[key];
    const card = target.closest?.(".gbo-card");
    const { area } = target.dataset;
    const letter = event.ctrlKey || event.metaKey ? key.toLowerCase() : "";
    if (letter === "z" || letter === "y") {
      const way = letter === "y" || event.shiftKey ? "redo" : "undo";
      toKernel(this.model, { kind: "travel", way });
    } else if (picked && key === "Escape") this.letGo(true);
    else if (picked && step) this.walk(target, step);
    else if (picked && (key === "Enter" || key === " ") && area !== undefined) this.drop(area);
    else if (!picked && card && (key === "Delete" || key === "Backspace")) {
      this.takeAway(card.dataset.card, card.dataset.from);
    } else if (!picked && card && step) {
      const all = [...card.closest(".gbo-cards").querySelectorAll(".gbo-card")];
      turned(all, all.indexOf(card), step).focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  walk(target, step) { // over the places where the card may go
    const all = this.targets();
    const at = all.indexOf(target.closest("[data-area]"));
    const from = at < 0 && step < 0 ? all.length : at;
    const next = turned(all, from, step);
    next.focus();
    this.tell("over", { area: this.title(next.dataset.area) });
    this.weigh(next.dataset.area);
  }
  click(event) {
    if (this.swallow) {
      this.swallow = false;
      return;
    }
    const { picked } = this;
    const card = event.target.closest(".gbo-card");
    const area = event.target.closest("[data-area]");
    const { off, from, remove } = event.target.dataset;
    const same = card?.dataset.card === picked?.card && card?.dataset.from === picked?.from;
    if (off) this.takeAway(off, from);
    else if (remove) this.act({ do: "remove", table: remove });
    else if (picked && card && same) this.letGo(true);
    else if (picked && area) this.drop(area.dataset.area);
    else if (card) this.pick(card.dataset.card, card.dataset.from);
    else if (area?.tagName === "BUTTON") this.act({ do: "add", kind: area.dataset.area.slice(4) });
  }

  // ---- dragging

  down(event) {
    const card = event.target.closest(".gbo-card");
    const grip = event.pointerType === "mouse" || event.target.closest(".gbo-card-grip");
    if (!card || event.button || !grip) return;
    const { clientX: x, clientY: y, pointerId: id } = event;
    this.drag = { ...card.dataset, x, y, id, ghost: null };
  }
  under({ clientX, clientY }) {
    const node = document.elementFromPoint(clientX, clientY);
    return node?.closest?.(".gbo-board-tables [data-area]");
  }
  move(event) {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.id) return;
    const { clientX: x, clientY: y } = event;
    if (!drag.ghost) {
      if (Math.hypot(x - drag.x, y - drag.y) < SLOP) return;
      this.pick(drag.card, drag.from);
      drag.ghost = make("div", { className: "gbo-ghost", textContent: this.name(drag.card) });
      document.body.append(drag.ghost);
    }
    event.preventDefault();
    drag.ghost.style.transform = `translate(${x + 10}px, ${y + 10}px)`;
    if (y < EDGE || y > innerHeight - EDGE) this.scroller().scrollBy(0, y < EDGE ? -12 : 12);
    const over = this.under(event);
    for (const node of this.targets()) node.classList.toggle("gbo-over", node === over);
    if (!over) drag.ghost.textContent = this.name(drag.card);
    this.weigh(over?.dataset.area ?? null);
  }
  scroller() {
    let node = this.el;
    const scrolls = () => node.scrollHeight > node.clientHeight + 1
      && /auto|scroll/.test(getComputedStyle(node).overflowY);
    while (node && !scrolls()) node = node.parentElement;
    return node ?? document.scrollingElement;
  }
  endDrag() {
    this.drag.ghost?.remove();
    this.drag = null;
    for (const node of this.targets()) node.classList.remove("gbo-over");
  }
  up(event) {
    const { drag } = this;
    if (drag && event.pointerId !== drag.id) return;
    setTimeout(() => {
      this.swallow = false;
    });
    if (!drag) return;
    this.endDrag();
    if (!drag.ghost) return;
    const over = event.type === "pointerup" ? this.under(event) : null;
    this.swallow = event.type === "pointerup";
    if (over && this.picked) this.drop(over.dataset.area);
    else this.letGo(true);
  }
}

export default view((...shown) => new Board(...shown));
