// A button to choose files, on a page on which they may be dropped: on the map, or anywhere else.
export default view((model, el, signal) => {
  const words = model.get("words");
  const input = make("input", {
    type: "file", multiple: true, hidden: true, onchange: () => take([...input.files]),
  });
  const look = { className: "gbo-button jupyter-button" };
  const choose = button(words.choose, () => input.click(), look);
  const status = make("p", {
    className: "gbo-hint gbo-upload-status", textContent: words.drop, role: "status",
  });
  const zone = make("div", { className: "gbo-upload" }, choose, input, status);
  el.append(zone);
  let sent = 0;
  let slow = null;

  function say(text, className = "gbo-hint") {
    clearTimeout(slow);
    status.className = `${className} gbo-upload-status`;
    status.replaceChildren(text);
  }
  function refused(files) {
    const big = files.find((file) => file.size > model.get("limit"));
    if (big) return fill(words.too_big, big);
    const together = files.reduce((sum, file) => sum + file.size, 0);
    return together > model.get("together") ? words.too_much : "";
  }
  async function take(files) {
    input.value = ""; // the same file can be chosen again once it is mended
    if (!files.length) return;
    const why = refused(files);
    if (why) return say(why, "gbo-notice");
    const contents = [];
    for (const file of files) {
      try {
        contents.push(await file.arrayBuffer());
      } catch {
        return say(fill(words.gone, file), "gbo-notice");
      }
    }
    say(words.drop);
    slow = setTimeout(() => {
      status.replaceChildren(make("progress"), ` ${words.reading}`);
    }, 1000);
    sent += 1;
    const names = files.map((file) => file.name);
    if (!toKernel(model, { n: sent, names }, contents)) say(words.drop);
  }
  const holdsFiles = (event) => event.dataTransfer?.types?.includes("Files")
    && !event.target.closest?.(".jp-FileBrowser");
  function mark(on) {
    document.body.classList.toggle("gbo-dropping", on);
  }
  listen(document, {
    dragover: (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault(); // else the browser opens the file, and the page is gone
      event.dataTransfer.dropEffect = "copy";
      mark(true);
    },
    dragleave: (event) => { if (!event.relatedTarget) mark(false); },
    drop: (event) => {
      mark(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      zone.scrollIntoView({ block: "nearest" });
      take([...event.dataTransfer.files]);
    },
  }, signal);
  model.on("change:done", () => say(words.drop));
  signal.addEventListener("abort", () => mark(false));
});
