// Says in the bar how things stand, reloads, and goes back to where the page was.
(() => {
  const { body } = document;
  const MINUTE = 60000;
  const SLOW = 30000; // a page takes longer than usual
  let trouble = ""; // "", or which sentence the bar says

  function say(now) {
    trouble = now;
    body.classList.toggle("trouble", Boolean(now));
    const text = document.getElementById("bar-text");
    const sentence = body.dataset[now] ?? "";
    if (text.textContent !== sentence) text.textContent = sentence; // said once, read once
    document.getElementById("reload").hidden = !now || now === "moved";
  }

  // -- reloading ------------------------------------------------------------------------------

  function lastReload() {
    return JSON.parse(sessionStorage.getItem("gbo-reload")) ?? { at: 0 };
  }

  function contentTop() { // not scrollY: the bar comes and goes
    return document.getElementById("main").getBoundingClientRect().top;
  }

  function reload() {
    const left = { at: Date.now(), page: location.pathname, top: contentTop() };
    sessionStorage.setItem("gbo-reload", JSON.stringify(left));
    window.kit.open();
  }

  function scrollBack() { // to where the page was before it was reloaded
    const { at, page, top } = lastReload();
    if (top === undefined || page !== location.pathname || Date.now() - at > MINUTE) return;
    sessionStorage.setItem("gbo-reload", JSON.stringify({ at })); // once
    const grown = new ResizeObserver(() => {
      scrollBy(0, contentTop() - top);
      if (Math.abs(contentTop() - top) < 2) grown.disconnect();
    });
    grown.observe(document.getElementById("main"));
    for (const own of ["keydown", "pointerdown", "wheel"]) {
      addEventListener(own, () => grown.disconnect(), { once: true, passive: true });
    }
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
  });

  window.kit = {
    say,
    ready,
    reload,
    open: () => location.reload(),
    get trouble() { return trouble; },
    get sinceReload() { return Math.abs(Date.now() - lastReload().at); },
  };
})();
