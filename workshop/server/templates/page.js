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
