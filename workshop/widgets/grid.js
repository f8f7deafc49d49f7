// A table that people fill in: one choice per row, ticks, short texts, lists to choose from, buttons.
let count = 0;

export default {
  render({ model, el }) {
    const id = ++count;
    const wrap = document.createElement("div");
    wrap.className = "gbo-grid-wrap";
    el.append(wrap);
    const key = () => model.get("key") && `gbo:${model.get("key")}`;
    const stored = () => { try { return JSON.parse(localStorage.getItem(key())) ?? {}; } catch { return {}; } };
    const store = (edits) => {
      if (!key()) return;
      try { if (Object.keys(edits).length) localStorage.setItem(key(), JSON.stringify(edits)); else localStorage.removeItem(key()); } catch { /* storage is off */ }
    };
    const make = (tag, props = {}, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };

    function edit(row, column, value) {
      const n = `${Date.now()}-${++count}`;
      if (key()) { const edits = stored(); edits[`${row}\n${column}`] = { row, column, value, n }; store(edits); }
      model.send({ kind: "edit", row, column, value, n });
    }
    function acked() {
      const edits = stored();
      for (const name of Object.keys(edits)) if (edits[name].n === model.get("acked")) delete edits[name];
      store(edits);
    }

    function cell(row, column) {
      const value = row.cells?.[column.id], name = `${row.label} – ${column.label}`;
      const td = document.createElement("td");
      td.dataset.label = column.label;
      let input;
      if (column.type === "label" || row.fixed?.includes(column.id)) { td.append(value ?? ""); return td; }
      if (column.type === "radio") {
        input = make("input", { type: "radio", name: `gbo-${id}-${row.id}`, checked: row.choice === column.id });
        input.onchange = () => edit(row.id, "choice", column.id);
      } else if (column.type === "check") {
        input = make("input", { type: "checkbox", checked: !!value });
        input.onchange = () => edit(row.id, column.id, input.checked);
      } else if (column.type === "select") {
        input = document.createElement("select");
        for (const [code, text] of column.options) input.append(make("option", { value: code, textContent: text, selected: code === String(value ?? "") }));
        input.onchange = () => edit(row.id, column.id, input.value);
      } else if (column.type === "button") {
        input = make("button", { type: "button", textContent: column.text });
        input.onclick = () => model.send({ kind: "press", row: row.id, column: column.id });
      } else {
        input = make("input", { type: column.type === "number" ? "number" : "text", value: value ?? "", maxLength: 400 });
        if (column.type === "number") input.min = 0;
        input.onchange = () => edit(row.id, column.id, input.value);
        input.onkeydown = (event) => { if (event.key === "Enter") input.blur(); };
      }
      input.setAttribute("aria-label", column.type === "button" ? `${column.text}: ${row.label}` : name);
      input.dataset.place = `${row.id}\n${column.id}`;
      const text = row.texts?.[column.id];
      if (column.type === "radio" || column.type === "check") {
        td.className = "gbo-tick";
        td.append(make("label", {}, input, make("span", { textContent: text ?? column.label, className: text ? "gbo-celltext" : "gbo-narrow" })));
      } else td.append(input);
      return td;
    }

    function draw() {
      const focus = wrap.contains(document.activeElement) ? document.activeElement.dataset?.place : null;
      const columns = model.get("columns"), rows = model.get("rows");
      const table = make("table", { className: "gbo-grid" });
      if (model.get("caption")) table.append(make("caption", { textContent: model.get("caption") }));
      const head = make("tr", {}, make("th", { scope: "col", textContent: model.get("corner") }));
      for (const column of columns) head.append(make("th", { scope: "col", textContent: column.label, title: column.title ?? "" }));
      table.append(make("thead", {}, head));
      const body = document.createElement("tbody");
      for (const row of rows) {
        const tr = document.createElement("tr");
        if (row.mark) tr.dataset.mark = row.mark;
        tr.append(make("th", { scope: "row", textContent: row.label }));
        for (const column of columns) tr.append(cell(row, column));
        body.append(tr);
        if (row.note) body.append(make("tr", { className: "gbo-note" }, make("td", { colSpan: columns.length + 1 }, make("p", { textContent: row.note }))));
      }
      table.append(body);
      if (!rows.length) wrap.replaceChildren(make("p", { className: "gbo-hint", textContent: model.get("empty") }));
      else wrap.replaceChildren(table);
      const place = focus && [...wrap.querySelectorAll("[data-place]")].find((node) => node.dataset.place === focus);
      if (place) place.focus({ preventScroll: true });
    }

    draw();
    for (const waiting of Object.values(stored())) model.send({ kind: "edit", ...waiting });
    model.on("change:rows", draw);
    model.on("change:columns", draw);
    model.on("change:acked", acked);
    const beat = setInterval(() => { for (const waiting of Object.values(stored())) model.send({ kind: "edit", ...waiting }); }, 4000);
    return () => { clearInterval(beat); model.off("change:rows", draw); model.off("change:columns", draw); model.off("change:acked", acked); };
  },
};
