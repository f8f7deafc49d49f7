// The bar on top: which task is in sight, and how long it takes.
(() => {
  function tasks() { // each heading with "Kern · 5 minuten" below it
    const lines = document.querySelectorAll(".prose :is(h2, h3) + p > strong:first-child");
    return [...lines].map((line) => ({
      heading: line.parentElement.previousElementSibling,
      number: line.parentElement.previousElementSibling.textContent.match(/^[\d.]+/)?.[0],
      minutes: line.textContent.match(/ · (\d+) /)?.[1],
    })).filter(({ minutes }) => minutes);
  }

  addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("top-minutes");
    const all = tasks();
    function look() {
      const seen = all.filter(({ heading }) => {
        const { top, height } = heading.getBoundingClientRect();
        return height && top < innerHeight / 2;
      });
      const { number, minutes } = seen.at(-1) ?? {};
      const said = minutes ? place.dataset.words.replace("{n}", minutes) : "";
      place.textContent = [number, said].filter(Boolean).join(" · ");
    }
    addEventListener("scroll", look, { passive: true }); // once a frame
    new ResizeObserver(look).observe(document.getElementById("main"));
  });
})();
