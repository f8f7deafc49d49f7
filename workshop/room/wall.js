// The wall, and the numbers on the trainer's page: asks the server for what is newer, and shows
// one part at a time.
(() => {
  const sections = [...document.querySelectorAll("main > section[id]")];
  const lost = document.getElementById("lost");
  let version = 0;
  let current = 0;

  function show(number) {
    current = Math.max(0, Math.min(sections.length - 1, number));
    sections.forEach((section, index) => { section.hidden = index !== current; });
    document.getElementById("place").textContent = `${current + 1} / ${sections.length}`;
    scrollTo(0, 0);
  }

  function count(asked) { // on the trainer's page: numbers, and which spreads may be shown
    for (const place of document.querySelectorAll("[data-count]")) {
      place.textContent = asked[place.dataset.count]?.[0] ?? 0;
    }
    for (const button of document.querySelectorAll("button[data-spread]")) {
      button.disabled = !asked[button.dataset.spread]?.[1];
    }
  }

  async function look() {
    try {
      const answer = await fetch(`/room/state?seen=${version}`, {
        signal: AbortSignal.timeout(20000),
      });
      if (!answer.ok) throw new Error(answer.status);
      const state = await answer.json();
      version = state.version;
      for (const [name, html] of Object.entries(state.parts)) {
        const section = document.getElementById(`part-${name}`);
        if (section) section.innerHTML = html;
      }
      count(state.asked);
      lost.hidden = true;
      document.getElementById("moved").hidden = !state.moved;
      setTimeout(look, 100);
    } catch {
      lost.hidden = false;
      setTimeout(look, 2000);
    }
  }

  function press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const way = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (!way || event.target.closest?.("input, select, textarea")) return;
    event.preventDefault();
    show(current + way);
  }

  if (document.getElementById("place")) { // the trainer's page shows no parts
    document.getElementById("back").onclick = () => show(current - 1);
    document.getElementById("next").onclick = () => show(current + 1);
    addEventListener("keydown", press);
    show(0);
  }
  if (location.search) history.replaceState(null, "", location.pathname); // not the key on a wall
  look();
})();
