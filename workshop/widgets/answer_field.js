// A text field whose draft stays in the browser until the kernel says that it is kept.
const RETRY = 3000, LOST = 8000;
let count = 0;

export default {
  render({ model, el }) {
    const words = model.get("words");
    const single = model.get("single_line");
    const box = document.createElement("div");
    box.className = "gbo-field";
    const id = `gbo-field-${model.get("key").replace(/[^a-z0-9]/gi, "-")}-${++count}`;
    const label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = model.get("label");
    const hint = document.createElement("p");
    hint.className = "gbo-hint";
    hint.id = `${id}-hint`;
    hint.textContent = model.get("hint");
    hint.hidden = !model.get("hint");
    const input = document.createElement(single ? "input" : "textarea");
    input.id = id;
    input.maxLength = model.get("longest");
    if (single) input.type = model.get("input_type");
    else input.rows = model.get("rows");
    input.setAttribute("aria-describedby", `${id}-hint ${id}-state`);
    const state = document.createElement("p");
    state.className = "gbo-state";
    state.id = `${id}-state`;
    state.setAttribute("role", "status");
    const others = document.createElement("div");
    others.className = "gbo-others";
    box.append(label, hint, input, state, others);
    el.append(box);

    const key = () => `gbo:${model.get("key")}`;
    let pending = null, timer = null, since = 0, lastSent = null;

    const read = () => { try { return JSON.parse(localStorage.getItem(key())); } catch { return null; } };
    const keep = () => { try { localStorage.setItem(key(), JSON.stringify(pending)); } catch { /* storage is off: the text still goes to the kernel */ } };
    const forget = () => { try { localStorage.removeItem(key()); } catch { /* nothing was kept */ } };
    const show = (word, cls) => { state.textContent = words[word] ?? ""; state.dataset.state = cls; };

    function send() {
      clearTimeout(timer); timer = null;
      if (!pending) return;
      since ||= Date.now();
      model.send({ kind: "draft", ...pending, sent: lastSent ?? pending.sent ?? null });
      lastSent = pending.text;
      pending.sent = lastSent;
      keep();
    }
    function typed() {
      const text = input.value;
      pending = { text, n: `${Date.now()}-${++count}`, base: pending?.base ?? model.get("version"), sent: pending?.sent ?? lastSent };
      keep();
      show("unsaved", "unsaved");
      timer ??= setTimeout(send, 400);
    }
    function acked() {
      const ack = model.get("acked");
      if (!pending || ack !== pending.n) {
        if (pending) pending.base = model.get("version");
        return;
      }
      pending = null; since = 0;
      forget();
      show("saved", "saved");
    }
    function fill() {
      if (!pending && input.value !== model.get("value")) input.value = model.get("value");
    }
    function conflict() {
      others.replaceChildren();
      const list = model.get("others");
      others.hidden = !list.length;
      if (!list.length) return;
      const p = document.createElement("p");
      p.textContent = words.conflict;
      others.append(p);
      for (const text of list) {
        const quote = document.createElement("blockquote");
        quote.textContent = text;
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = words.choose;
        button.onclick = () => { input.value = text; model.send({ kind: "choose", text }); };
        others.append(quote, button);
      }
    }
    const custom = (message) => {
      if (message.kind === "clear") {
        for (const name of Object.keys(localStorage)) if (name.startsWith(`gbo:${message.prefix}`)) localStorage.removeItem(name);
        if (key().startsWith(`gbo:${message.prefix}`)) { pending = null; since = 0; input.value = model.get("value"); show("none", "none"); }
      } else if (message.kind === "deleted") { pending = null; since = 0; forget(); show("failed", "failed"); }
      else if (message.kind === "failed" && pending) show("failed", "failed");
    };
    const beat = setInterval(() => {
      if (!pending || !since) return;
      if (Date.now() - since > LOST) show("lost", "failed");
      send();
    }, RETRY);

    input.value = model.get("value");
    const draft = read();
    if (draft && typeof draft.text === "string" && draft.text !== model.get("value")) {
      pending = draft; lastSent = draft.sent ?? null;
      input.value = draft.text;
      show("restored", "unsaved");
      send();
    } else if (draft) forget();
    else show("none", "none");
    conflict();

    input.addEventListener("input", typed);
    input.addEventListener("blur", send);
    if (single) input.addEventListener("keydown", (event) => { if (event.key === "Enter") { send(); model.send({ kind: "enter", text: input.value }); } });
    model.on("change:acked", acked);
    model.on("change:value", fill);
    model.on("change:others", conflict);
    model.on("msg:custom", custom);
    return () => {
      clearInterval(beat);
      send();
      model.off("change:acked", acked);
      model.off("change:value", fill);
      model.off("change:others", conflict);
      model.off("msg:custom", custom);
    };
  },
};
