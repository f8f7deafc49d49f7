// Puts outputs in their place, says how things stand, and says goodbye when the page is left.
(() => {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const presence = `${config.baseUrl}voila/api/presence/${config.kernelId}`;
  const outputs = 'script[type="application/vnd.voila.cell-output+json"]';
  const { body } = document;
  const MINUTE = 60000;
  const SLOW = 30000; // a page takes longer than usual
  const BLOCKED = 20000; // without a line after all cells have run
  const LOOK = 3000; // how often a page that lost its line looks whether its kernel is still there
  const BAR = 60; // pixels that the bar covers
  const SETTLED = 5000; // by then all widgets of a page have their height
  const QUIET = 2000; // so long nobody typed, before a page reloads by itself
  let trouble = ""; // "", or which sentence the bar says
  let kernel; // the front end's connection with the kernel, once there is one
  let ended = false; // the kernel is gone, only a reload helps
  let met = false; // whether there has been a line at all
  let typed = 0;
  let tried = 0;

  // -- the bar --------------------------------------------------------------------------------

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

  function leaveFor(page) { // keep which cell begins near the bar and what is unfolded: both have the same
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
    location.reload();
  }

  function nothingCanBeLost() { // the outbox knows; a page without one holds nothing
    return window.gboOutbox?.safe !== false;
  }

  function reloadByItself() {
    const stood = !body.classList.contains("waiting");
    const seen = document.visibilityState === "visible";
    const quiet = Date.now() - typed > QUIET;
    const seldom = Math.abs(Date.now() - lastPlace().at) > MINUTE;
    if (stood && seen && quiet && seldom && nothingCanBeLost()) reload();
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

  // -- outputs --------------------------------------------------------------------------------

  const slow = setTimeout(() => say("slow"), SLOW);

  function ready() {
    clearTimeout(slow);
    body.classList.remove("waiting");
    if (trouble === "slow") say("");
    scrollBack();
  }

  function drawn() {
    return !document.querySelector(outputs);
  }

  function place(index) { // the output of one cell
    const piece = document.getElementById(`piece-${index}`);
    document.getElementById(`cell-${index}`).append(piece.content);
    piece.remove();
  }

  function done() { // all cells have run; wait until their widgets are drawn
    setTimeout(() => {
      if (!met) say("blocked"); // the page came through, its line does not
    }, BLOCKED);
    if (drawn()) {
      ready();
      return;
    }
    const observer = new MutationObserver(() => {
      if (!drawn()) return;
      observer.disconnect();
      ready();
    });
    observer.observe(body, { childList: true, subtree: true });
  }

  window.kit = { place, done };

  // -- the line -------------------------------------------------------------------------------

  function connected() {
    return kernel?.connectionStatus === "connected";
  }

  function gone() {
    ended = true;
    say(nothingCanBeLost() ? "ended" : "unsafe");
  }

  async function look() { // after the line was lost, or the kernel
    if (!kernel || (connected() && !ended)) return;
    const wasSaid = ended;
    let answer;
    try {
      answer = await fetch(presence, { signal: AbortSignal.timeout(5000) });
      if (answer.ok) ended ||= !(await answer.json()).there;
    } catch { // the server does not answer; it may come back
      say("lost");
      return;
    }
    if (answer.status === 403) say("moved"); // another server, with another key
    else if (ended) {
      gone();
      if (wasSaid) reloadByItself();
    } else if (Date.now() - tried > 10000) { // the front end gives up after some minutes
      tried = Date.now();
      kernel.reconnect().catch(() => {});
    }
  }

  function watch() {
    let timer;
    met = connected();
    if (met && trouble === "blocked") say("");
    kernel.connectionStatusChanged.connect(() => {
      clearTimeout(timer);
      met ||= connected();
      if (ended || !met) return;
      if (!connected()) timer = setTimeout(() => say("lost"), 2000);
      else if (/lost|moved|blocked/.test(trouble)) say("");
    });
    kernel.statusChanged.connect((_, status) => {
      if (/restarting|dead/.test(status)) gone();
    });
  }

  function findKernel() {
    const timer = setInterval(() => {
      kernel = window.jupyterapp?.widgetManager?.kernel;
      if (!kernel) return;
      clearInterval(timer);
      watch();
    }, 100);
  }

  addEventListener("load", findKernel);
  addEventListener("keydown", () => { typed = Date.now(); }, { capture: true });
  addEventListener("visibilitychange", look);
  setInterval(look, LOOK);

  // -- the end --------------------------------------------------------------------------------

  // Voila ends the kernel on "beforeunload", which a download or a mail link sets off too;
  // "pagehide" is the page leaving.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  addEventListener("pagehide", () => navigator.sendBeacon(presence));
  addEventListener("pageshow", (event) => {
    if (event.persisted) reload();
  });
  addEventListener("DOMContentLoaded", () => {
    document.getElementById("reload").addEventListener("click", reload);
    const other = document.getElementById("top-language");
    other?.addEventListener("click", () => leaveFor(other.pathname));
  });

  // The key need not stay in the address bar, where it would be copied or shown on a projector.
  if (location.search.includes("token=")) {
    history.replaceState(null, "", location.pathname + location.hash);
  }

  // The front end always asks for a formula typesetter; the pages have no formulas.
  const typesetter = { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } };
  window.MathJax = { Hub: typesetter };
})();
