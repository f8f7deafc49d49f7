// The structure board: cards of partners on tables. Drag, tap and tap, or keys alone; the kernel decides what changes.
const SLOP = 6, EDGE = 48;

export default {
  render({ model, el }) {
    const words = model.get("words");
    const fill = (word, values) => words[word].replace(/{(\w+)}/g, (all, key) => values[key] ?? all);
    const live = make("p", { className: "gbo-board-live", role: "status" });
    const strip = make("div", { className: "gbo-board-strip" });
    const tray = make("section", { className: "gbo-board-tray" }), tables = make("div", { className: "gbo-board-tables" });
    el.classList.add("gbo-board");
    el.append(make("p", { className: "gbo-hint", textContent: words.help }), strip, live, make("div", { className: "gbo-board-main" }, tray, tables));

    let picked = null, drag = null, wanted = null, names = {}, areas = {}, state = {};
    const say = (text) => { live.textContent = ""; live.textContent = text; };
    const targets = () => [...tables.querySelectorAll("[data-area]")];
    const title = (area) => areas[area] ?? words[area] ?? "";

    function pick(card, from) {
      picked = { card, from };
      el.dataset.picking = "yes";
      for (const node of targets()) node.tabIndex = 0;
      for (const node of el.querySelectorAll(".gbo-card")) node.setAttribute("aria-pressed", String(node.dataset.card === card && node.dataset.from === from));
      say(fill("picked", { name: names[card] }));
    }
    function letGo(back = false) {
      if (!picked) return;
      const { card, from } = picked;
      picked = null;
      delete el.dataset.picking;
      for (const node of targets()) if (node.tagName !== "BUTTON") node.removeAttribute("tabindex");
      for (const node of el.querySelectorAll("[aria-pressed]")) node.setAttribute("aria-pressed", "false");
      if (back) { say(words.stopped); focus(from, card); }
    }
    function drop(area) {
      if (!picked || area === undefined) return;
      const { card, from } = picked;
      letGo();
      if (area === from) { say(words.stopped); focus(from, card); return; }
      wanted = { area, card };
      say(fill("dropped", { name: names[card], area: title(area) }));
      model.send({ kind: "seat", card, from, to: area });
    }
    function takeAway(card, from) {
      if (!from) return;
      wanted = { area: "", card };
      say(fill("taken", { name: names[card], area: title(from) }));
      model.send({ kind: "unseat", card, from });
    }
    function focus(area, card) {
      const found = [...el.querySelectorAll(".gbo-card")].filter((node) => node.dataset.card === card);
      (found.find((node) => node.dataset.from === area) ?? found.at(-1))?.focus({ preventScroll: false });
    }

    function cardNode(id, from, also) {
      const card = state.cards[id], far = card.reach;
      const badge = far ? make("span", { className: "gbo-card-badge", textContent: words[`letter.${far}`] }) : null;
      const under = [from ? also : card.sector, from ? "" : card.tables, far && !from ? words[`reach.${far}`] : ""].filter(Boolean).join(" · ");
      return make("button", {
        type: "button", className: "gbo-card", data: { card: id, from, reach: far ?? "" },
        aria: { pressed: "false", label: [card.name, far ? words[`reach.${far}`] : "", under].filter(Boolean).join(", ") },
      }, make("span", { className: "gbo-card-grip", textContent: "⠿", aria: { hidden: "true" } }), badge,
      make("span", { className: "gbo-card-text" }, make("strong", { textContent: card.name }), under ? make("small", { textContent: under }) : null));
    }
    function areaNode(area) {
      const list = make("ul", { className: "gbo-cards" });
      for (const seat of area.seats) {
        const off = make("button", { type: "button", className: "gbo-card-off", textContent: "×", data: { off: seat.id, from: area.id }, aria: { label: fill("off", { name: names[seat.id] }) } });
        list.append(make("li", {}, cardNode(seat.id, area.id, seat.also), off));
      }
      if (!area.seats.length) list.append(make("li", { className: "gbo-hint", textContent: words.empty }));
      const head = make("div", { className: "gbo-area-head" });
      if (area.named) {
        const input = make("input", { type: "text", value: area.theme, maxLength: 200, placeholder: words.theme, data: { theme: area.id }, aria: { label: `${words.theme}: ${area.title}` } });
        input.onchange = () => model.send({ kind: "theme", to: area.id, theme: input.value });
        input.onkeydown = (event) => { if (event.key === "Enter") input.blur(); event.stopPropagation(); };
        head.append(input);
      }
      head.append(make("span", { className: "gbo-hint", textContent: area.count }));
      if (area.removable) head.append(make("button", { type: "button", className: "gbo-area-remove", textContent: words.remove, data: { remove: area.id }, aria: { label: `${words.remove}: ${area.title}` } }));
      return make("div", { className: "gbo-area", role: "group", data: { area: area.id }, aria: { label: `${area.title}, ${area.count}` } }, head, list);
    }

    function draw() {
      const here = el.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
      const writing = document.activeElement?.dataset?.theme !== undefined && el.contains(document.activeElement) ? document.activeElement : null;
      const typed = writing?.value, scroll = tray.querySelector(".gbo-cards")?.scrollTop ?? 0;
      letGo();
      state = model.get("state");
      names = Object.fromEntries(Object.entries(state.cards).map(([id, card]) => [id, card.name]));
      areas = Object.fromEntries(state.parts.flatMap((part) => part.areas.map((area) => [area.id, area.title])));
      strip.replaceChildren(...state.legend.map((entry) => make("span", { className: "gbo-key", data: { reach: entry.reach } },
        make("span", { className: "gbo-card-badge", textContent: words[`letter.${entry.reach}`] }), `${words[`reach.${entry.reach}`]}: ${entry.n}`)),
      ...state.figures.map((text) => make("span", { className: "gbo-figure", textContent: text })));
      const pool = make("ul", { className: "gbo-cards" });
      for (const id of state.tray) pool.append(make("li", {}, cardNode(id, "", "")));
      tray.replaceChildren(make("h4", { textContent: words.cards }), pool);
      pool.scrollTop = scroll;
      tables.replaceChildren(...state.parts.map((part) => make("section", { className: "gbo-part", data: { part: part.id } },
        make("h4", { textContent: part.title }), make("div", { className: "gbo-areas" }, ...part.areas.map(areaNode),
          ...part.add.map((kind) => make("button", { type: "button", className: "gbo-area-new", textContent: words[`new-${kind}`], data: { area: `new-${kind}` } }))))));
      if (writing) {
        const field = [...el.querySelectorAll("[data-theme]")].find((node) => node.dataset.theme === here.theme);
        if (field) { field.focus({ preventScroll: true }); if (typed !== writing.defaultValue) field.value = typed; }
      } else if (wanted) focus(wanted.area, wanted.card);
      else if (here?.card) focus(here.from, here.card);
      else if (here?.area) targets().find((node) => node.dataset.area === here.area)?.focus();
      wanted = null;
    }

    // -- keys and taps ----------------------------------------------------------------------------------------------
    el.addEventListener("keydown", (event) => {
      const { key } = event, card = event.target.closest?.(".gbo-card"), steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
      if (picked && key === "Escape") letGo(true);
      else if (picked && steps[key]) {
        const all = targets(), place = all.indexOf(event.target.closest("[data-area]"));
        const next = all[place < 0 ? (steps[key] > 0 ? 0 : all.length - 1) : (place + steps[key] + all.length) % all.length];
        next.focus();
        say(fill("over", { area: title(next.dataset.area) || next.textContent }));
      } else if (picked && (key === "Enter" || key === " ") && event.target.dataset.area !== undefined) drop(event.target.dataset.area);
      else if (!picked && card && (key === "Delete" || key === "Backspace")) takeAway(card.dataset.card, card.dataset.from);
      else if (!picked && card && steps[key]) {
        const all = [...card.closest(".gbo-cards").querySelectorAll(".gbo-card")];
        all[(all.indexOf(card) + steps[key] + all.length) % all.length].focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    let swallow = false;
    el.addEventListener("click", (event) => {
      if (swallow) { swallow = false; return; }
      const card = event.target.closest(".gbo-card"), area = event.target.closest("[data-area]"), data = event.target.dataset;
      if (data.off) return takeAway(data.off, data.from);
      if (data.remove) return model.send({ kind: "remove", to: data.remove });
      if (picked && card && card.dataset.card === picked.card && card.dataset.from === picked.from) return letGo(true);
      if (picked && area) return drop(area.dataset.area);
      if (card) return pick(card.dataset.card, card.dataset.from);
      if (area?.tagName === "BUTTON") return model.send({ kind: "add", to: area.dataset.area });
    });

    // -- dragging ---------------------------------------------------------------------------------------------------
    const scroller = () => { let node = el; while (node && !(node.scrollHeight > node.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(node).overflowY))) node = node.parentElement; return node ?? document.scrollingElement; };
    const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".gbo-board-tables [data-area]");
    el.addEventListener("pointerdown", (event) => {
      const card = event.target.closest(".gbo-card");
      if (!card || event.button || (event.pointerType !== "mouse" && !event.target.closest(".gbo-card-grip"))) return;
      drag = { card, x: event.clientX, y: event.clientY, id: event.pointerId, ghost: null };
    });
    const move = (event) => {
      if (!drag || event.pointerId !== drag.id) return;
      if (!drag.ghost) {
        if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < SLOP) return;
        letGo();
        pick(drag.card.dataset.card, drag.card.dataset.from);
        drag.ghost = make("div", { className: "gbo-ghost", textContent: names[drag.card.dataset.card] });
        document.body.append(drag.ghost);
      }
      event.preventDefault();
      drag.ghost.style.transform = `translate(${event.clientX + 10}px, ${event.clientY + 10}px)`;
      if (event.clientY < EDGE || event.clientY > innerHeight - EDGE) scroller().scrollBy(0, event.clientY < EDGE ? -12 : 12);
      const over = under(event);
      for (const node of targets()) node.classList.toggle("gbo-over", node === over);
    };
    const end = (event) => {
      if (!drag || event.pointerId !== drag.id) return;
      const { ghost } = drag;
      drag = null;
      if (!ghost) return;
      ghost.remove();
      for (const node of targets()) node.classList.remove("gbo-over");
      const over = event.type === "pointerup" ? under(event) : null;
      swallow = event.type === "pointerup";
      setTimeout(() => { swallow = false; });
      if (over) drop(over.dataset.area);
      else letGo(true);
    };
    const heard = (message) => { if (message?.kind === "say") { wanted = null; say(String(message.text)); } };
    draw();
    const leave = [listen(window, { pointermove: move, pointerup: end, pointercancel: end }), listen(model, { "change:state": draw, "msg:custom": heard })];
    return () => leave.forEach((stop) => stop());
  },
};
