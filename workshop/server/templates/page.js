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

  // The key need not stay in the address bar, where it would be copied or shown on a projector.
  if (location.search.includes("token=")) history.replaceState(null, "", location.pathname + location.hash);
  // The front end always asks for a formula typesetter; the pages have no formulas.
  window.MathJax = { Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } } };
})();
