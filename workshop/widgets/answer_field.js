// A text field whose draft stays in the browser until the kernel says that it is kept.
const RETRY = 3000, LOST = 8000;

export default {
  render({ model, el }) {
    const words = model.get("words"), single = model.get("single_line"), key = model.get("key"), hint = model.get("hint");
    const id = `gbo-field-${key.replace(/[^a-z0-9]/gi, "-")}-${++count}`;
    const look = { id, maxLength: model.get("longest"), ...(single ? { type: "text" } : { rows: 3 }), aria: { describedby: `${id}-hint ${id}-state` } };
    const input = make(single ? "input" : "textarea", look);
    const state = make("p", { className: "gbo-state", id: `${id}-state`, role: "status" });
    const others = make("div", { className: "gbo-others" });
    el.append(make("div", { className: "gbo-field" }, make("label", { htmlFor: id, textContent: model.get("label") }),
      make("p", { className: "gbo-hint", id: `${id}-hint`, textContent: hint, hidden: !hint }), input, state, others));
    let pending = null, timer = null, since = 0, lastSent = null;
    const show = (word, look = word) => { state.textContent = words[word] ?? ""; state.dataset.state = look; };
    const forget = () => { pending = null; since = 0; write(key, null); };

    function send() {
      clearTimeout(timer); timer = null;
      if (!pending) return;
      since ||= Date.now();
      model.send({ kind: "draft", ...pending, sent: lastSent ?? pending.sent ?? null });
      pending.sent = lastSent = pending.text;
      write(key, pending);
    }
    function typed() {
      pending = { text: input.value, n: `${Date.now()}-${++count}`, base: pending?.base ?? model.get("version"), sent: pending?.sent ?? lastSent };
      write(key, pending);
      show("unsaved");
      timer ??= setTimeout(send, 400);
    }
    function acked() {
      if (pending && model.get("acked") === pending.n) { forget(); show("saved"); }
      else if (pending) pending.base = model.get("version");
    }
    function fill() {
      if (!pending && input.value !== model.get("value")) input.value = model.get("value");
    }
    function conflict() {
      const list = model.get("others");
      others.hidden = !list.length;
      others.replaceChildren(make("p", { textContent: words.conflict }), ...list.flatMap((text) => [
        make("blockquote", { textContent: text }),
        make("button", { type: "button", textContent: words.choose, onclick() { input.value = text; model.send({ kind: "choose", text }); } }),
      ]));
    }
    function heard({ kind, prefix }) {
      if (kind === "clear") {
        for (const name of Object.keys(localStorage)) if (name.startsWith(`gbo:${prefix}`)) localStorage.removeItem(name);
        if (key.startsWith(prefix)) { forget(); input.value = model.get("value"); show("none"); }
      } else if (kind === "deleted") { forget(); show("failed"); }
      else if (kind === "failed" && pending) show("failed");
    }
    const beat = setInterval(() => {
      if (!pending || !since) return;
      if (Date.now() - since > LOST) show("lost", "failed");
      send();
    }, RETRY);

    const draft = read(key);
    fill();
    if (draft && typeof draft.text === "string" && draft.text !== model.get("value")) {
      pending = draft; lastSent = draft.sent ?? null;
      input.value = draft.text;
      show("restored", "unsaved");
      send();
    } else { write(key, null); show("none"); }
    conflict();
    input.oninput = typed;
    input.onblur = send;
    const leave = listen(model, { "change:acked": acked, "change:value": fill, "change:others": conflict, "msg:custom": heard });
    return () => { clearInterval(beat); send(); leave(); };
  },
};
