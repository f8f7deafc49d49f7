// Explains a page's terms: every link to #term-<id>, on hover, focus and tap. It shows text only.
export default view((model, el, signal) => {
  const terms = new Map(model.get("terms").map((entry) => [entry.id, entry]));
  const name = model.get("title");
  const list = make("dl");
  for (const { term, definition } of terms.values()) {
    list.append(make("dt", { textContent: term }), make("dd", { textContent: definition }));
  }
  const title = make("summary", { textContent: name });
  const scrolls = make("div", { tabIndex: 0, role: "region", aria: { label: name } }, list);
  const words = make("details", { className: "gbo-glossary" }, title, scrolls);
  (document.getElementById("top-words") ?? el).append(words);
  const made = () => make("div", { id: "gbo-tip", hidden: true, role: "tooltip" });
  const tip = document.getElementById("gbo-tip") ?? document.body.appendChild(made());
  const here = () => el.closest(".jp-Notebook") ?? document.body;
  let shown = null;
  let held = false; // by focus or tap, so that a passing mouse does not close it

  const find = (target) => {
    const link = target.closest?.('a[href^="#term-"]');
    return link && here().contains(link) && terms.has(link.hash.slice(6)) ? link : null;
  };
  function place() {
    if (!shown) return;
    const box = shown.getBoundingClientRect();
    const below = box.bottom + tip.offsetHeight < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${below ? box.bottom : Math.max(0, box.top - tip.offsetHeight)}px`;
  }
  function show(link, hold) {
    if (link !== shown) hide();
    const { term, definition } = terms.get(link.hash.slice(6));
    tip.replaceChildren(make("strong", { textContent: term }), ` ${definition}`);
    tip.hidden = false;
    link.setAttribute("aria-describedby", "gbo-tip");
    shown = link;
    held ||= hold;
    place();
  }
  function hide() {
    shown?.removeAttribute("aria-describedby");
    if (shown) tip.hidden = true;
    shown = null;
    held = false;
  }
  function over({ target }) {
    const link = find(target);
    if (held) return;
    if (link) show(link, false);
    else if (!tip.contains(target)) hide();
  }
  function focus({ target }) {
    if (!words.contains(target)) words.open = false; // it covers what stands below it
    const link = find(target);
    if (link) show(link, true);
    else hide();
  }
  function tap(event) {
    const link = find(event.target);
    if (!link && !tip.contains(event.target)) hide();
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    show(link, true);
  }
  function key(event) {
    if (event.key !== "Escape") return;
    words.open = false;
    if (!shown) return;
    event.stopPropagation();
    hide();
  }
  const heard = { pointerover: over, focusin: focus, click: tap, keydown: key, scroll: place };
  listen(document, heard, signal);
  signal.addEventListener("abort", () => {
    hide();
    words.remove();
  });
});
