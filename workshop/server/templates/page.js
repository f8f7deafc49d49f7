// Puts outputs in their place, says how things stand, and ends the kernel when the page is left.
(() => {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const { body } = document;
  const outputs = 'script[type="application/vnd.voila.cell-output+json"]';
  let trouble = "";
  const say = (now) => {
    if (trouble === "restarted") return; // only a reload helps
    trouble = now;
    body.classList.toggle("trouble", Boolean(now));
    document.getElementById("bar-text").textContent = body.dataset[now] ?? "";
    document.getElementById("reload").hidden = !now;
  };
  const reload = () => location.reload();
  const slow = setTimeout(() => say("slow"), 30000);
  const ready = () => {
    clearTimeout(slow);
    body.classList.remove("waiting");
    if (trouble === "slow") say("");
  };

  window.kit = {
    place(index) {
      const piece = document.getElementById(`piece-${index}`);
      document.getElementById(`cell-${index}`).append(piece.content);
      piece.remove();
    },
    done() { // all cells have run; wait until their widgets are drawn
      const drawn = () => !document.querySelector(outputs);
      if (drawn()) return ready();
      new MutationObserver((_, observer) => { if (drawn()) { observer.disconnect(); ready(); } })
        .observe(body, { childList: true, subtree: true });
    },
  };

  const watch = (kernel) => {
    let timer;
    kernel.connectionStatusChanged.connect((_, status) => {
      clearTimeout(timer);
      if (status !== "connected") timer = setTimeout(() => say("lost"), 2000);
      else if (trouble === "lost") say("");
    });
    kernel.statusChanged.connect((_, status) => {
      if (/restarting|dead/.test(status)) say("restarted");
    });
  };
  addEventListener("load", () => {
    const timer = setInterval(() => {
      const kernel = window.jupyterapp?.widgetManager?.kernel;
      if (kernel) { clearInterval(timer); watch(kernel); }
    }, 100);
  });

  // Voila ends the kernel on "beforeunload", which a download or a mail link sets off too; "pagehide" is the page leaving.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  addEventListener("pagehide", () => {
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "");
    navigator.sendBeacon(`${config.baseUrl}voila/api/shutdown/${config.kernelId}`, form);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) reload(); });
  addEventListener("DOMContentLoaded", () => document.getElementById("reload").addEventListener("click", reload));

  // For the wall: one part of the page at a time, in large type; a part begins with a heading.
  addEventListener("DOMContentLoaded", () => {
    const at = (name) => document.getElementById(`wall-${name}`);
    const main = document.getElementById("main");
    const widget = (piece) => piece.classList.contains("widgets");
    const header = []; // before the first heading: which table, who sits here; stays beside other widgets
    const parts = [];
    for (const piece of main.children) {
      if (piece.querySelector(":scope > h1, :scope > h2, :scope > h3")) parts.push([]);
      (parts.at(-1) ?? header).push(piece);
    }
    if (!parts.length) parts.push([]);
    let current = 0;
    const on = () => body.classList.contains("wall");
    const show = (number) => {
      const links = [...document.querySelectorAll('.prose.last a[href$=".ipynb"]')].filter((link) => !link.pathname.includes("/exercises/"));
      const page = Number(location.pathname.match(/\/(\d)_\w+\.ipynb$/)?.[1] ?? NaN);
      const way = links.find((link) => Number(link.pathname.match(/\/(\d)_/)?.[1]) === page + Math.sign(number - current));
      if (on() && (number < 0 || number >= parts.length) && way) { location.href = `${way.href}#wall`; return; }
      current = Math.max(0, Math.min(parts.length - 1, number));
      const put = (pieces, away) => pieces.forEach((piece) => piece.classList.toggle("aside", on() && away));
      parts.forEach((part, index) => put(part, index !== current));
      put(header, !parts[current].some(widget));
      at("place").textContent = on() ? `${current + 1} / ${parts.length}` : "";
      at("turn").textContent = at("turn").dataset[on() ? "on" : "off"];
      if (on()) scrollTo(0, 0);
      look();
    };
    // A widget below the edge is the next stop, and in it the drawing, before the next part.
    const below = () => {
      if (!on() || scrollY + innerHeight >= document.documentElement.scrollHeight - 2) return undefined;
      const floor = document.getElementById("wall-bar").getBoundingClientRect().top;
      const stops = parts[current].filter(widget).flatMap((piece) => [piece, ...piece.querySelectorAll(".gbo-map-stage, .gbo-board-main")]);
      const boxes = stops.map((stop) => stop.getBoundingClientRect());
      return boxes.find((box) => box.height && box.bottom > floor && box.top > innerHeight / 8);
    };
    const look = () => document.getElementById("wall-bar").classList.toggle("more", Boolean(below()));
    const step = (way) => {
      const box = way > 0 ? below() : undefined;
      if (box) scrollBy(0, box.top - 8);
      else show(current + way);
    };
    const turn = (yes) => {
      body.classList.toggle("wall", yes);
      history.replaceState(null, "", location.pathname + (yes ? "#wall" : ""));
      show(current);
      if (yes) main.focus();
    };
    at("turn").onclick = () => turn(!on());
    at("next").onclick = () => step(1);
    at("back").onclick = () => step(-1);
    addEventListener("scroll", look, { passive: true });
    new ResizeObserver(look).observe(main);
    addEventListener("keydown", (event) => {
      if (!on() || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.target.closest?.(".gbo-map, .gbo-board")) return; // these have keys of their own
      if (event.key === "Escape") turn(false);
      const way = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
      if (!way || event.target.closest?.("input, select, textarea")) return;
      event.preventDefault();
      step(way);
    });
    if (location.hash === "#wall") turn(true); else show(0);
  });

  // The key need not stay in the address bar, where it would be copied or shown on a projector.
  if (location.search.includes("token=")) history.replaceState(null, "", location.pathname + location.hash);
  // The front end always asks for a formula typesetter; the pages have no formulas.
  window.MathJax = { Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } } };
})();
