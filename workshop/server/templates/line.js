// Puts outputs in place, watches the line to the kernel, says goodbye when the page is left.
(() => {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const presence = `${config.baseUrl}voila/api/presence/${config.kernelId}`;
  const outputs = 'script[type="application/vnd.voila.cell-output+json"]';
  const { body } = document;
  const { kit } = window;
  const MINUTE = 60000;
  const BLOCKED = 20000; // without a line after all cells have run
  const LOOK = 3000; // how often a page that lost its line looks whether its kernel is still there
  const QUIET = 2000; // so long nobody did anything, before a page reloads by itself
  let kernel; // the front end's connection with the kernel, once there is one
  let ended = false; // the kernel is gone, only a reload helps
  let met = false; // whether there has been a line at all
  let busy = 0;
  let tried = 0;

  function nothingCanBeLost() { // the outbox knows; a page without one holds nothing
    return window.gboOutbox?.safe !== false;
  }

  function reloadByItself() {
    const stood = !body.classList.contains("waiting");
    const seen = document.visibilityState === "visible";
    const quiet = Date.now() - busy > QUIET;
    const seldom = kit.sinceReload > MINUTE;
    const inHand = document.querySelector("[data-picking]"); // a card of the board
    if (stood && seen && quiet && seldom && !inHand && nothingCanBeLost()) kit.reload();
  }

  // -- outputs --------------------------------------------------------------------------------

  function drawn() {
    return !document.querySelector(outputs);
  }

  // On a very busy laptop the front end may look for a widget before it heard of it, and it does
  // not look again: a fresh page does.
  function missing() {
    const places = [...document.querySelectorAll(".jp-OutputArea-output.jupyter-widgets")];
    return places.some(({ firstChild }) => firstChild?.data?.startsWith("Error displaying widget"));
  }

  kit.place = (index) => { // the output of one cell
    const piece = document.getElementById(`piece-${index}`);
    document.getElementById(`cell-${index}`).append(piece.content);
    piece.remove();
  };

  kit.done = () => { // all cells have run; wait until their widgets are drawn
    setTimeout(() => {
      if (!met) kit.say("blocked"); // the page came through, its line does not
    }, BLOCKED);
    if (drawn()) {
      kit.ready();
      return;
    }
    const observer = new MutationObserver(() => {
      if (!drawn()) return;
      observer.disconnect();
      kit.ready();
    });
    observer.observe(body, { childList: true, subtree: true });
  };

  // -- the line -------------------------------------------------------------------------------

  function connected() {
    return kernel?.connectionStatus === "connected";
  }

  function gone() {
    ended = true;
    kit.say(nothingCanBeLost() ? "ended" : "unsafe");
  }

  async function look() { // after the line was lost, or the kernel
    if (missing()) reloadByItself();
    if (!kernel || (connected() && !ended)) return;
    const wasSaid = ended;
    let answer;
    try {
      answer = await fetch(presence, { signal: AbortSignal.timeout(5000) });
      if (answer.ok) ended ||= !(await answer.json()).there;
    } catch { // the server does not answer; it may come back
      kit.say("lost");
      return;
    }
    if (answer.status === 403) kit.say("moved"); // another server, with another key
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
    if (met && kit.trouble === "blocked") kit.say("");
    kernel.connectionStatusChanged.connect(() => {
      clearTimeout(timer);
      met ||= connected();
      if (ended || !met) return;
      if (!connected()) timer = setTimeout(() => kit.say("lost"), 2000);
      else if (/lost|moved|blocked/.test(kit.trouble)) kit.say("");
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
  for (const act of ["keydown", "pointerdown"]) {
    addEventListener(act, () => { busy = Date.now(); }, { capture: true });
  }
  addEventListener("visibilitychange", look);
  setInterval(look, LOOK);

  // -- the end --------------------------------------------------------------------------------

  // Voila ends the kernel on "beforeunload", which a download or a mail link sets off too;
  // "pagehide" is the page leaving.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  addEventListener("pagehide", () => navigator.sendBeacon(presence));
  addEventListener("pageshow", (event) => {
    if (event.persisted) kit.reload();
  });

  // The key need not stay in the address bar, where it would be copied or shown on a projector.
  if (location.search.includes("token=")) {
    history.replaceState(null, "", location.pathname + location.hash);
  }

  // The front end always asks for a formula typesetter; the pages have no formulas.
  const typesetter = { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } };
  window.MathJax = { Hub: typesetter };
})();
