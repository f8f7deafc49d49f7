// A table that people fill in: one choice per row, ticks, short texts, lists to choose from, buttons.
export default {
  render({ model, el }) {
    const id = ++count, wrap = make("div", { className: "gbo-grid-wrap" }), key = model.get("key");
    el.append(wrap);
    const waiting = () => (key && read(key)) || {};
    const wait = (edits) => { if (key) write(key, Object.keys(edits).length ? edits : null); };
    const again = () => { for (const edit of Object.values(waiting())) model.send({ kind: "edit", ...edit }); };

    function edit(row, column, value) {
      const sent = { row, column, value, n: `${Date.now()}-${++count}` };
      wait({ ...waiting(), [`${row}\n${column}`]: sent });
      model.send({ kind: "edit", ...sent });
    }
    function acked() {
      wait(Object.fromEntries(Object.entries(waiting()).filter(([, sent]) => sent.n !== model.get("acked"))));
    }

    function field(row, column) {
      const { type, text } = column, value = row.cells?.[column.id] ?? "";
      const look = { data: { place: `${row.id}\n${column.id}` }, aria: { label: type === "button" ? `${text}: ${row.label}` : `${row.label} – ${column.label}` } };
      const send = (event) => edit(row.id, column.id, event.target.value);
      if (type === "radio") return make("input", { ...look, type, name: `gbo-${id}-${row.id}`, checked: row.choice === column.id, onchange: () => edit(row.id, "choice", column.id) });
      if (type === "check") return make("input", { ...look, type: "checkbox", checked: !!value, onchange: (event) => edit(row.id, column.id, event.target.checked) });
      if (type === "button") return make("button", { ...look, type, textContent: text, onclick: () => model.send({ kind: "press", row: row.id, column: column.id }) });
      if (type === "select") return make("select", { ...look, onchange: send }, ...column.options.map(([code, name]) => make("option", { value: code, textContent: name, selected: code === String(value) })));
      return make("input", { ...look, type, value, maxLength: 400, min: 0, onchange: send, onkeydown: (event) => { if (event.key === "Enter") event.target.blur(); } });
    }
    function cell(row, column) {
      const text = row.texts?.[column.id], tick = column.type === "radio" || column.type === "check", data = { label: column.label };
      if (column.type === "label" || row.fixed?.includes(column.id)) return make("td", { data }, row.cells?.[column.id] ?? "");
      if (!tick) return make("td", { data }, field(row, column));
      const said = make("span", { textContent: text ?? column.label, className: text ? "gbo-celltext" : "gbo-narrow" });
      return make("td", { data, className: "gbo-tick" }, make("label", {}, field(row, column), said));
    }
    function draw() {
      const place = wrap.contains(document.activeElement) ? document.activeElement.dataset.place : null;
      const columns = model.get("columns"), rows = model.get("rows"), caption = model.get("caption");
      const head = (textContent, title = "") => make("th", { scope: "col", textContent, title });
      const body = rows.flatMap((row) => [
        make("tr", { data: row.mark ? { mark: row.mark } : {} }, make("th", { scope: "row", textContent: row.label }), ...columns.map((column) => cell(row, column))),
        row.note ? make("tr", { className: "gbo-note" }, make("td", { colSpan: columns.length + 1 }, make("p", { textContent: row.note }))) : null,
      ]);
      const table = make("table", { className: "gbo-grid" }, caption ? make("caption", { textContent: caption }) : null,
        make("thead", {}, make("tr", {}, head(model.get("corner")), ...columns.map((column) => head(column.label, column.title)))), make("tbody", {}, ...body));
      wrap.replaceChildren(rows.length ? table : make("p", { className: "gbo-hint", textContent: model.get("empty") }));
      if (place) [...wrap.querySelectorAll("[data-place]")].find((node) => node.dataset.place === place)?.focus({ preventScroll: true });
    }

    draw();
    again();
    const beat = setInterval(again, 4000), leave = listen(model, { "change:rows": draw, "change:columns": draw, "change:acked": acked });
    return () => { clearInterval(beat); leave(); };
  },
};
