// A table that people fill in: one choice per row, ticks, short texts, lists, buttons. A row with
// an `item`, and a column or row with an `edit`, go through the outbox; the rest to its view.
const TAP = 350; // milliseconds in which a click follows a finger; that of a mouse comes at once

class Grid {
  constructor(model, el, signal) {
    this.model = model;
    this.root = el;
    this.id = `gbo-grid-${hex()}`;
    this.el = make("div", { className: "gbo-grid-wrap" });
    this.said = make("p", { className: "gbo-state", role: "status" });
    this.due = 0; // the version in which rows have the names that they got last
    el.append(this.el, this.said);
    this.page = owned(model, this.el, signal);
    this.el.onpointerdown = ({ button: which }) => {
      clearTimeout(this.soon);
      this.pressed = which === 0;
    };
    const up = ({ pointerType }) => {
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.up(), pointerType === "mouse" ? 0 : TAP);
    };
    this.el.onpointermove = (event) => {
      if (this.pressed && !event.buttons) up(event); // let go where nobody heard it
    };
    listen(window, { pointerup: up, pointercancel: up }, signal);
    outbox.join(model, signal);
    outbox.watch(() => this.look(), signal);
    model.on("change:rows change:columns", () => this.draw());
    model.on("change:base", () => this.look());
    this.draw();
    this.look();
  }

  // ---- what somebody does

  edit(row, column, value, hold = false) {
    const { model } = this;
    const entry = this.entry(row, column, value);
    if (!entry) {
      toKernel(model, { kind: "edit", row: row.id, column: column.id, value });
      return;
    }
    const place = this.place(row, column);
    this.told("");
    const called = this.called(row, column, value);
    outbox.add({ model, ...entry, place, hold, called }, ({ state, text, version }) => {
      this.told(text);
      if (state === "done" && column.names) this.due = version ?? 0;
      // what was typed stays to be mended; all else shows what counts, which may be what it was
      const typed = ["text", "number"].includes(column.type);
      const anew = state === "refused" ? !typed : state === "done" && column.type === "number";
      if (anew) this.shown = null; // drawn as soon as this entry waits no more
    });
  }
  // what a value at this place means to the kernel; null where its view says that
  entry(row, column, value) {
    const radio = column.type === "radio";
    const kept = radio ? row.values?.[column.id] ?? column.id : value;
    if (radio && row.item) {
      const { item, person = null, version: base } = row;
      return { item, person, base, what: { do: "put", value: kept } };
    }
    const edit = radio ? row.edit : column.edit;
    if (!edit) return null;
    const { item, path, key } = edit;
    const what = { do: edit.do, ...(path ? { path, value: kept } : row.ids ?? { id: row.id }) };
    if (key) what[key] = kept;
    return { item, base: row.version ?? this.model.get("base"), what };
  }
  // what people call it, where a question is about it
  called(row, { label, type, options = [] }, value) {
    const asked = `${row.label} – ${label}`;
    if (type === "radio" || type === "button") return asked;
    if (type === "check") return `${asked}: ${value ? "✓" : "–"}`;
    const chosen = options.find(([code]) => code === value);
    return `${asked}: ${chosen?.[1] ?? (value || "–")}`;
  }
  told(text) {
    this.said.textContent = text ?? "";
  }

  // ---- what is there

  place(row, column) {
    const field = column.type === "radio" ? "choice" : column.id;
    const item = row.item ?? (column.edit ?? row.edit)?.item ?? "";
    return `${item}\n${row.id}\n${field}`;
  }
  // what was done here and is not acknowledged; undefined where nothing was
  waiting(row, column) {
    const what = outbox.doneAt(this.model, this.place(row, column), row.person);
    return what?.value ?? what?.[(column.edit ?? row.edit)?.key];
  }
  field(row, column) {
    const { type, text, label } = column;
    const waits = this.waiting(row, column);
    const value = waits ?? row.cells?.[column.id] ?? "";
    const called = type === "button" ? `${text}: ${row.label}` : `${row.label} – ${label}`;
    const look = { data: { place: `${row.id}\n${column.id}` }, aria: { label: called } };
    const changed = (event) => this.edit(row, column, event.target.value);
    if (type === "radio") {
      const name = `${this.id}-${row.id}`;
      const kept = row.values?.[column.id] ?? column.id;
      const checked = waits === undefined ? row.choice === column.id : waits === kept;
      const onchange = () => this.edit(row, column, column.id);
      return make("input", { ...look, type, name, checked, onchange });
    }
    if (type === "check") {
      const onchange = (event) => this.edit(row, column, event.target.checked);
      return make("input", { ...look, type: "checkbox", checked: Boolean(value), onchange });
    }
    if (type === "button") return button(text, () => this.edit(row, column), look);
    if (type === "select") {
      const options = column.options.map(([code, name]) =>
        make("option", { value: code, textContent: name, selected: code === String(value) }));
      return make("select", { ...look, onchange: changed }, ...options);
    }
    const input = make("input", { ...look, type, value, maxLength: 400, min: 0 });
    const hold = () => this.edit(row, column, input.value, true);
    return holdText(input, this.place(row, column), hold);
  }
  cell(row, column) {
    const { id, label, type } = column;
    const data = { label };
    if (type === "label") return make("td", { data }, row.cells?.[id] ?? "");
    const field = this.field(row, column);
    if (type !== "radio" && type !== "check") return make("td", { data }, field);
    const text = row.texts?.[id];
    const said = make("span", {
      textContent: text ?? label,
      className: text ? "gbo-celltext" : "gbo-narrow",
    });
    const cell = make("td", { data, className: "gbo-tick" }, make("label", {}, field, said));
    if (column.picture) this.drawOn(cell, column);
    return cell;
  }
  // the drawing of an answer, from the kit's own files, is its button
  drawOn(cell, { picture, about }) {
    cell.classList.add("gbo-drawn");
    cell.firstChild.insertAdjacentHTML("afterbegin", picture);
    cell.firstChild.append(make("small", { className: "gbo-narrow", textContent: about }));
  }
  row(row, columns) {
    const hint = row.hint ? make("p", { className: "gbo-hint", textContent: row.hint }) : null;
    const head = make("th", { scope: "row" }, row.label, hint);
    const cells = columns.map((column) => this.cell(row, column));
    const rows = [make("tr", {}, head, ...cells)];
    if (row.note) {
      const text = make("p", { textContent: row.note });
      const note = make("td", { colSpan: columns.length + 1 }, text);
      rows.push(make("tr", { className: "gbo-note" }, note));
    }
    return rows;
  }
  // under a finger nothing is drawn anew: a click on what is gone by then would be lost
  up() {
    this.pressed = false;
    if (this.late) this.draw();
  }
  draw() {
    this.late = this.pressed;
    if (this.late) return;
    const { model } = this;
    const here = focusIn(this.el);
    const at = this.lines().indexOf(here?.closest("tr"));
    const columns = model.get("columns");
    const rows = model.get("rows");
    const caption = model.get("caption");
    const head = (textContent) => make("th", { scope: "col", textContent });
    const titles = columns.map((column) => head(column.label));
    columns.forEach(({ picture, about }, place) => {
      if (picture) titles[place].append(make("small", { textContent: about }));
    });
    const table = make("table", { className: "gbo-grid" },
      caption ? make("caption", { textContent: caption }) : null,
      make("thead", {}, make("tr", {}, head(model.get("corner")), ...titles)),
      make("tbody", {}, ...rows.flatMap((row) => this.row(row, columns))));
    const nothing = make("p", { className: "gbo-hint", textContent: model.get("empty") });
    this.el.replaceChildren(rows.length ? table : nothing);
    this.shown = this.chosen();
    this.el.dataset.person = rows.find((row) => row.person)?.person ?? "";
    shut(this.page);
    if (here) this.backTo(here, at);
  }
  lines() {
    return [...this.el.querySelectorAll("tbody > tr:not(.gbo-note)")];
  }
  // whoever is at a field stays there, and so does what is typed in it; where it is gone,
  // at the row that is there now
  backTo(here, at) {
    const field = this.el.querySelector(`[data-place="${CSS.escape(here.dataset.place)}"]`);
    if (!field) {
      rest(this.lines().slice(0, at + 1).at(-1) ?? this.el);
      return;
    }
    if (here.selectionStart != null) {
      field.value = here.value;
      field.setSelectionRange(here.selectionStart, here.selectionEnd);
    }
    field.focus({ preventScroll: true });
  }
  // choices that wait, so that one that an earlier page made, or that was refused, is drawn
  chosen() {
    const places = new Set(this.model.get("rows").map((row) => this.place(row, { type: "radio" })));
    const entries = outbox.pending(this.model.get("outbox"));
    return entries.filter(({ record }) => places.has(record.place)).map(({ record }) => record.n)
      .join();
  }
  // rows that are about something which is just being changed wait for it, and so do rows of which
  // one gets another name: an edit of it could only use the name that it had
  waits() {
    const { model } = this;
    const about = new Set(model.get("rows").map((row) => row.about).filter(Boolean));
    const names = model.get("columns").filter((column) => column.names).map(({ edit }) => edit);
    const changes = ({ item, what }) =>
      about.has(item) || names.some(({ do: act, key }) => what.do === act && key in what);
    return this.due > model.get("base") || outbox.underWay(model).some(changes);
  }
  look() {
    if (this.chosen() !== this.shown) this.draw();
    const shut = this.waits();
    const opens = this.root.inert && !shut;
    const here = document.activeElement;
    if (shut && this.el.contains(here)) {
      this.stood = [this.lines().indexOf(here.closest("tr")), here.closest("td")?.cellIndex];
    }
    this.root.inert = shut;
    if (!opens) return;
    const [line, cell] = this.stood ?? [];
    this.stood = null;
    const field = this.lines()[line]?.cells[cell]?.querySelector("input, select, button");
    const free = here === document.body || this.el.contains(here); // who went on stays there
    if (free) field?.focus({ preventScroll: true });
  }
}

export default view((...shown) => new Grid(...shown));
