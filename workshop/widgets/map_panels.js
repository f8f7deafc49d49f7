// Beside the map: the field to add by typing, what is picked, and the legend.
const sample = (...drawn) => shape("svg", { width: 46, height: 30, viewBox: "0 0 46 30", "aria-hidden": "true" }, ...drawn);
const stroke = (dash, colour) => sample(shape("path", { d: "M2 15H44", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }));
const option = ([value, textContent], chosen) => make("option", { value, textContent, selected: value === chosen });

function mapEntry(m) {
  const { words, lists, me } = m, draft = m.model.get("key");
  const input = make("input", { id: `${me}-add`, autocomplete: "off", maxLength: 400, aria: { describedby: `${me}-hint` } });
  input.setAttribute("list", `${me}-partners`);
  const form = make("form", { className: "gbo-map-add" },
    make("label", { htmlFor: input.id, textContent: words.add }),
    make("span", { className: "gbo-map-line" }, input, make("button", { textContent: words.add_button, className: "gbo-map-main" })),
    make("datalist", { id: `${me}-partners` }, ...lists.partners.map((value) => make("option", { value }))));
  const refused = make("div", { className: "gbo-map-refused" });
  let at = null;  // where on the map the field stands open

  const keepDraft = () => write(draft, input.value ? { text: input.value } : null);
  input.value = read(draft)?.text ?? "";
  input.oninput = keepDraft;
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value;
    if (!text.trim() || m.send("enter", { text, of: m.kind, at }) === null) return;
    input.value = "";
    keepDraft();
  };
  function entered(text, { ok, new: fresh }) {
    if (ok && fresh.length) { m.current = fresh[0]; closeAdd(); m.paint(); }
    if (ok) return;
    if (!input.value) input.value = text;
    else refused.append(m.button("add_button", (event) => { input.value = text; event.target.remove(); keepDraft(); input.focus(); },
      { textContent: fill(words.put_back, { text }) }));
    keepDraft();
  }
  function openAdd(where) {
    at = where;
    const [x, y] = m.toScreen(where);
    Object.assign(form.style, { left: `${Math.max(4, Math.min(x - 40, m.stage.clientWidth - 330))}px`, top: `${y + 14}px` });
    m.stage.append(form);
    m.layer.over.replaceChildren(shape("path", { d: `M${where[0] - 12} ${where[1]}h24M${where[0]} ${where[1] - 12}v24` }));
    input.focus({ preventScroll: true });
  }
  function closeAdd() {
    if (!at) return;
    at = null;
    const focused = document.activeElement === input;
    m.root.prepend(form);
    form.removeAttribute("style");
    m.layer.over.replaceChildren();
    if (focused) m.focusOn(m.current);
  }
  input.onkeydown = (event) => { if (event.key === "Escape") { closeAdd(); m.focusOn(m.current); } };
  return { input, form, refused, entered, openAdd, closeAdd, adding: () => at !== null };
}

function mapPanels(m) {
  const { words, lists, panel, legend } = m, cutText = make("p", { className: "gbo-map-cutoff" });
  const newKind = make("span");

  const field = (label, control, id) => {
    Object.assign(control, { id: `${m.me}-${id}` }).dataset.field = id;
    return make("span", { className: "gbo-map-field" }, make("label", { textContent: label, htmlFor: control.id }), control);
  };
  function choice(label, options, value, changed, id) {  // from a list, or a word of one's own
    const known = !value || options.some(([code]) => code === value) ? options : [...options, [value, value]];
    const select = make("select", {}, ...[...known, ["\n", words.own]].map((one) => option(one, value)));
    const word = make("input", { hidden: true, maxLength: 200, aria: { label: fill(words.own_label, { label }) } });
    select.onchange = () => { word.hidden = select.value !== "\n"; if (word.hidden) changed(select.value); else word.focus(); };
    word.onchange = () => word.value.trim() && changed(word.value.trim());
    word.onkeydown = (event) => { if (event.key === "Enter") word.blur(); };
    return make("span", {}, field(label, select, id), word);
  }
  function written(label, id, value, changed) {
    const made = make("input", { value, maxLength: 400, autocomplete: "off" });
    made.onchange = () => changed(made.value);
    made.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); made.blur(); m.focusOn(m.picked ?? m.current); } };
    return field(label, made, id);
  }
  const kinds = () => {
    const known = new Set(lists.kinds.map(([code]) => code));
    return [...lists.kinds, ...Object.entries(m.whole().kinds).filter(([code]) => !known.has(code)).map(([code, { label }]) => [code, label])];
  };
  const setKind = (value) => { m.kind = value; newKind.replaceChildren(choice(words.kind, kinds(), value, setKind, "kind")); };

  // ---- what is picked
  function tiePanel({ source, target, kind, strength, trust }, close) {
    const { directed } = m.whole(), is = { source, target, of: kind }, names = { source: m.orgs()[source].name, target: m.orgs()[target].name };
    const change = (values, key) => { if (m.send("set_tie", { ...is, ...values }) && key) m.tie = key.join("\n"); };
    const level = make("select", {}, ...lists.trust.map((one) => option(one, String(trust ?? ""))));
    level.onchange = () => change({ trust: level.value });
    return [make("h4", { textContent: fill(directed ? words.tie_from : words.tie_between, names) }),
      choice(words.tie_kind, kinds(), kind, (to) => change({ to }, [source, target, to]), "of"),
      written(words.strength, "strength", strength === null ? "" : String(strength).replace(".", ","), (value) => change({ strength: value })),
      field(words.trust, level, "trust"),
      directed && m.button("turn", () => change({ turn: true }, [target, source, kind])),
      m.button("untie", m.removeTie), close].filter(Boolean);
  }
  function tiesOf(item) {
    const { over, directed, kinds: looks } = m.whole();
    const rows = Object.entries(m.scene().ties).filter(([, tie]) => [tie.source, tie.target].includes(m.picked)).map(([key, tie]) => {
      const from = tie.source === m.picked, arrow = !directed || over ? "" : from ? "→ " : "← ", kind = looks[tie.kind];
      const text = `${arrow}${m.orgs()[from ? tie.target : tie.source].name}${kind && !over ? ` (${kind.label})` : ""}`;
      return make("li", {}, m.button("close", () => { m.pickTie(key); panel.querySelector("select")?.focus(); }, { textContent: text }));
    });
    return rows.length ? make("details", { open: rows.length < 9 }, make("summary", { textContent: fill(words.ties_of, item) }), make("ul", {}, ...rows)) : "";
  }
  function organisationPanel(item, close) {
    const id = m.picked, title = make("h4", { textContent: `${item.n}. ${item.name}` });
    if (m.whole().over) return [title, close, tiesOf(item)];
    return [title, cutText, written(words.name, "name", item.name, (name) => m.send("rename", { id, name })),
      choice(words.sector, lists.sectors, item.sector, (sector) => m.send("sector", { id, sector }), "sector"),
      m.button("remove", () => m.remove(id)), close, tiesOf(item)];
  }
  function panels() {
    const focus = panel.contains(document.activeElement) ? document.activeElement : null, held = focus?.dataset.field, shown = panel.dataset.of;
    if (focus?.tagName === "INPUT" && shown === (m.tie ?? m.picked)) return;  // somebody is typing there
    const item = m.orgs()[m.picked], line = m.scene().ties[m.tie], close = m.button("close", () => { m.letGo(); m.focusOn(m.current); });
    cutText.hidden = m.cut?.id !== m.picked;
    panel.dataset.of = m.tie ?? m.picked ?? "";
    panel.replaceChildren(...(line && !m.whole().over ? tiePanel(line, close) : item ? organisationPanel(item, close) : []));
    panel.hidden = !panel.childNodes.length;
    const place = m.spot(line?.target ?? m.picked);
    if (place && panel.dataset.of !== shown) panel.classList.toggle("gbo-map-left", m.toScreen(place)[0] > m.svg.clientWidth * 0.6);
    if (held) [...panel.querySelectorAll("[data-field]")].find((other) => other.dataset.field === held)?.focus({ preventScroll: true });
  }
  function cutOff(message) {
    m.cut = message;
    Object.assign(cutText, { textContent: message.text, hidden: false });
    m.paint();
  }

  // ---- the legend
  function kindRow([code, { label, dash, colour }]) {
    const { hidden } = m.whole(), box = make("input", { type: "checkbox", checked: !hidden.includes(code), data: { field: code } });
    box.onchange = () => m.send("hide", { kinds: [...hidden.filter((other) => other !== code), ...(box.checked ? [] : [code])] });
    return make("li", {}, make("label", {}, box, stroke(dash, colour), label));
  }
  function sectorRow([label, item]) {
    const mark = sign({ ...item, lead: false });
    mark.setAttribute("transform", "translate(23 15) scale(.8)");
    return make("li", {}, sample(mark), label);
  }
  function legends() {
    const { over, kinds: looks } = m.whole(), sectors = new Map(m.order().map((id) => [m.orgs()[id].label, m.orgs()[id]]));
    const rows = over ? Object.entries(SIDES).map(([side, look]) => make("li", {}, stroke(...look), words[`side_${side}`])) : Object.entries(looks).map(kindRow);
    const held = legend.contains(document.activeElement) && document.activeElement.dataset.field;
    const list = (title, items) => (items.length ? make("div", {}, make("strong", { textContent: title }), make("ul", {}, ...items)) : "");
    legend.replaceChildren(list(over ? words.lines : words.kinds, rows), list(words.sectors, [...sectors].map(sectorRow)));
    if (held !== false) [...legend.querySelectorAll("input")].find((box) => box.dataset.field === held)?.focus();
    if (document.activeElement !== newKind.querySelector("select")) setKind(m.kind);
  }
  return { newKind, panels, legends, cutOff };
}
