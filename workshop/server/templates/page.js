// Says in the bar how things stand, reloads, and goes back to where the page was.
(() => {
  const { body } = document;
  const MINUTE = 60000;
  const SLOW = 30000; // a page takes longer than usual
  const BAR = 60; // pixels that the bar covers
  const SETTLED = 5000; // by then all widgets of a page have their height
  let trouble = ""; // "", or which sentence the bar says

  function say(now) {
    trouble = now;
    body.classList.toggle("trouble", Boolean(now));
    const text = document.getElementById("bar-text");
    const sentence = body.dataset[now] ?? "";
    if (text.textContent !== sentence) text.textContent = sentence; // said once, read once
    document.getElementById("reload").hidden = !now || now === "moved";
  }

  // -- the same page again, or in the other language ------------------------------------------

  function lastPlace() {
    return JSON.parse(sessionStorage.getItem("gbo-place")) ?? { at: 0 };
  }

  // keep which cell begins near the bar and what is unfolded: both languages have the same
  function leaveFor(page) {
    const boxes = cells().map((cell) => cell.getBoundingClientRect());
    const away = boxes.map(({ top, height }) => (height ? Math.abs(top - BAR) : Infinity));
    const cell = away.indexOf(Math.min(...away));
    const open = folds().map((fold) => fold.open);
    const left = { at: Date.now(), page, cell, top: boxes[cell]?.top, open };
    sessionStorage.setItem("gbo-place", JSON.stringify(left));
  }

  function cells() {
    return [...document.getElementById("main").children];
  }

  function folds() {
    return [...document.querySelectorAll(".prose details")];
  }

  function reload() {
    leaveFor(location.pathname);
    window.kit.open();
  }

  function scrollBack() { // to where the page was when it was left
    const { at, page, cell, top, open } = lastPlace();
    const seen = cells()[cell];
    if (!seen || page !== location.pathname || Date.now() - at > MINUTE) return;
    sessionStorage.setItem("gbo-place", JSON.stringify({ at })); // once
    folds().forEach((fold, number) => { fold.open = open[number]; });
    const grown = new ResizeObserver(() => scrollBy(0, seen.getBoundingClientRect().top - top));
    grown.observe(document.getElementById("main"));
    for (const own of ["keydown", "pointerdown", "wheel"]) {
      addEventListener(own, () => grown.disconnect(), { once: true, passive: true });
    }
    setTimeout(() => grown.disconnect(), SETTLED);
  }

  // -- what is wider than the screen scrolls by keyboard too -----------------------------------

  function reachWide() {
    const all = ".prose table, .gbo-grid-wrap, .gbo-beside .widget-html-content";
    for (const wide of document.querySelectorAll(all)) {
      const held = wide.querySelector("a[href], button, input, select");
      if (!held && wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  }

  // -- who stood on something that goes away, stands on what is there now: never on nothing ------

  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  let stood; // what has the focus in a widget, and which of its stops that is

  function stops(cell) {
    return [...cell.querySelectorAll(STOPS)].filter(canHold);
  }

  function canHold(stop) {
    return stop.isConnected && (stop.checkVisibility?.() ?? true) && !stop.disabled;
  }

  function stand({ target }) {
    const cell = target.closest(".widgets");
    stood = cell && { target, cell, at: stops(cell).indexOf(target) };
  }

  function standOn() {
    if (!stood || ![body, stood.target].includes(document.activeElement)) return;
    const { target, cell, at } = stood;
    if (canHold(target)) return;
    const left = stops(cell);
    const next = left[Math.max(0, Math.min(at, left.length - 1))];
    (next ?? document.getElementById("main")).focus({ preventScroll: true });
  }

  // -- all is drawn ---------------------------------------------------------------------------

  const slow = setTimeout(() => say("slow"), SLOW);

  function ready() {
    clearTimeout(slow);
    body.classList.remove("waiting");
    if (trouble === "slow") say("");
    scrollBack();
  }

  addEventListener("DOMContentLoaded", () => {
    document.getElementById("reload").addEventListener("click", reload);
    const other = document.getElementById("top-language");
    other?.addEventListener("click", () => leaveFor(other.pathname));
    const main = document.getElementById("main");
    new ResizeObserver(reachWide).observe(main);
    const attributeFilter = ["style", "class", "hidden", "disabled"];
    const changes = { subtree: true, childList: true, attributeFilter };
    new MutationObserver(standOn).observe(main, changes);
    addEventListener("focusin", stand);
    addEventListener("pointerdown", () => { stood = null; }, { capture: true }); // may leave it
  });

  window.kit = {
    say,
    ready,
    reload,
    open: () => location.reload(),
    get trouble() { return trouble; },
    get sinceReload() { return Math.abs(Date.now() - lastPlace().at); },
  };
})();
