// For the wall: one part of the page at a time, in large type; a part begins with a heading.
(() => {
  const { body } = document;
  const HEADINGS = ":scope > h1, :scope > h2, :scope > h3";
  const header = []; // before the first heading: which table, who sits here; stays beside widgets
  const parts = [];
  let current = 0;

  function at(name) {
    return document.getElementById(`wall-${name}`);
  }

  function on() {
    return body.classList.contains("wall");
  }

  function isWidget(piece) {
    return piece.classList.contains("widgets");
  }

  function divide(main) {
    for (const piece of main.children) {
      if (piece.querySelector(HEADINGS)) parts.push([]);
      (parts.at(-1) ?? header).push(piece);
    }
    if (!parts.length) parts.push([]);
  }

  function pageNumber(path) {
    return Number(path.match(/\/(\d)_\w+\.ipynb$/)?.[1] ?? NaN);
  }

  function neighbour(way) { // the link to the page before or after this one
    const links = document.querySelectorAll('.prose.last a[href$=".ipynb"]');
    const wanted = pageNumber(location.pathname) + way;
    return [...links].find((link) => {
      return !link.pathname.includes("/exercises/") && pageNumber(link.pathname) === wanted;
    });
  }

  function put(pieces, away) {
    for (const piece of pieces) piece.classList.toggle("aside", on() && away);
  }

  function show(number) {
    const outside = number < 0 || number >= parts.length;
    const other = outside && on() ? neighbour(Math.sign(number - current)) : undefined;
    if (other) {
      location.href = `${other.href}#wall`;
      return;
    }
    current = Math.max(0, Math.min(parts.length - 1, number));
    parts.forEach((part, index) => put(part, index !== current));
    put(header, !parts[current].some(isWidget));
    at("place").textContent = on() ? `${current + 1} / ${parts.length}` : "";
    if (on()) scrollTo(0, 0);
    look();
  }

  // A widget below the edge is the next stop, and in it the drawing, before the next part.
  function below() {
    const bottom = document.documentElement.scrollHeight - 2;
    if (!on() || scrollY + innerHeight >= bottom) return undefined;
    const floor = at("bar").getBoundingClientRect().top;
    const drawings = ".gbo-map-stage, .gbo-board-main";
    const stops = parts[current]
      .filter(isWidget)
      .flatMap((piece) => [piece, ...piece.querySelectorAll(drawings)]);
    return stops
      .map((stop) => stop.getBoundingClientRect())
      .find((box) => box.height && box.bottom > floor && box.top > innerHeight / 8);
  }

  function look() {
    at("bar").classList.toggle("more", Boolean(below()));
  }

  function step(way) {
    const box = way > 0 ? below() : undefined;
    if (box) scrollBy(0, box.top - 8);
    else show(current + way);
  }

  function raise(yes) { // what a part begins with comes right below the title of the page
    for (const [piece] of parts) {
      const first = piece?.querySelector(HEADINGS);
      if (first?.tagName === "H3") first.ariaLevel = yes ? "2" : null;
    }
  }

  function turn(yes) {
    body.classList.toggle("wall", yes);
    raise(yes);
    history.replaceState(null, "", location.pathname + (yes ? "#wall" : ""));
    show(current);
    if (yes) document.getElementById("main").focus();
  }

  function press(event) {
    const withKey = event.altKey || event.ctrlKey || event.metaKey;
    if (!on() || event.defaultPrevented || withKey) return;
    if (event.target.closest?.(".gbo-map, .gbo-board")) return; // these have keys of their own
    if (event.key === "Escape") turn(false);
    const way = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (!way || event.target.closest?.("input, select, textarea")) return;
    event.preventDefault();
    step(way);
  }

  addEventListener("DOMContentLoaded", () => {
    const main = document.getElementById("main");
    divide(main);
    at("turn").onclick = () => turn(true);
    at("off").onclick = () => turn(false);
    at("next").onclick = () => step(1);
    at("back").onclick = () => step(-1);
    addEventListener("scroll", look, { passive: true });
    addEventListener("keydown", press);
    new ResizeObserver(look).observe(main);
    if (location.hash === "#wall") turn(true);
    else show(0);
  });
})();
