// A countdown; it runs here, without the kernel, and says when the time is over.
export default {
  render({ model, el }) {
    const words = model.get("words"), all = Math.round(60 * model.get("minutes"));
    let left = all, end = 0, timer = null;
    const face = make("span", { role: "timer", aria: { label: words.name } }), over = make("span", { role: "status" });
    const go = make("button", { type: "button" }), again = make("button", { type: "button", textContent: words.again });
    el.append(make("div", { className: "gbo-clock" }, face, go, again, over));
    function show() {
      face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      go.textContent = timer ? words.stop : words.start;
      again.hidden = left === all;
      go.disabled = !left;
    }
    function stop() { clearInterval(timer); timer = null; show(); }
    function tick() {
      left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      if (left) return show();
      stop();
      over.textContent = words.over;
    }
    go.onclick = () => {
      if (timer) return stop();
      end = Date.now() + left * 1000;
      timer = setInterval(tick, 250);
      show();
    };
    again.onclick = () => { left = all; over.textContent = ""; stop(); go.focus(); };
    show();
    return stop;
  },
};
