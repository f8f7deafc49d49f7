// Explains a page's terms: every link to #term-<id>, on hover, focus and tap. Shows text only, never HTML.
export default {
  render({ model, el }) {
    const terms = new Map(model.get("terms").map((entry) => [entry.id, entry]));
    const entries = [...terms.values()].flatMap(({ term, definition }) => [make("dt", { textContent: term }), make("dd", { textContent: definition })]);
    const list = make("details", { className: "gbo-glossary" }, make("summary", { textContent: model.get("title") }), make("dl", { tabIndex: 0, aria: { label: model.get("title") }, role: "region" }, ...entries));
    (document.getElementById("top-words") ?? el).append(list);

    const tip = document.getElementById("gbo-tip") ?? document.body.appendChild(make("div", { id: "gbo-tip", hidden: true, role: "tooltip" }));
    let shown = null, held = false; // held: by focus or tap, so that a passing mouse does not close it
    const find = (target) => {
      const link = target.closest?.('a[href^="#term-"]');
      return link && (el.closest(".jp-Notebook") ?? document.body).contains(link) && terms.has(link.hash.slice(6)) ? link : null;
    };
    function place() {
      if (!shown) return;
      const box = shown.getBoundingClientRect(), below = box.bottom + tip.offsetHeight < innerHeight;
      tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
      tip.style.top = `${below ? box.bottom : Math.max(0, box.top - tip.offsetHeight)}px`;
    }
    function show(link, hold) {
      if (link !== shown) hide();
      const { term, definition } = terms.get(link.hash.slice(6));
      tip.replaceChildren(make("strong", { textContent: term }), ` ${definition}`);
      tip.hidden = false;
      link.setAttribute("aria-describedby", "gbo-tip");
      shown = link; held ||= hold;
      place();
    }
    function hide() {
      shown?.removeAttribute("aria-describedby");
      if (shown) tip.hidden = true;
      shown = null; held = false;
    }
    const over = ({ target }) => { const link = find(target); if (held) return; if (link) show(link, false); else if (!tip.contains(target)) hide(); };
    const tap = (event) => {
      const link = find(event.target);
      if (link) { event.preventDefault(); event.stopPropagation(); show(link, true); } else if (!tip.contains(event.target)) hide();
    };
    const leave = listen(document, {
      pointerover: over,
      focusin: ({ target }) => { const link = find(target); if (link) show(link, true); else hide(); },
      click: tap,
      keydown: (event) => { if (event.key !== "Escape") return; list.open = false; if (shown) { event.stopPropagation(); hide(); } },
      scroll: place,
    });
    return () => { hide(); leave(); list.remove(); };
  },
};
