// A text field: what is typed counts from the first letter.
class AnswerField {
  constructor(model, el, signal) {
    this.model = model;
    this.words = model.get("words");
    this.item = model.get("item");
    this.person = model.get("person");
    this.typing = false; // whether something typed here is not acknowledged yet
    this.restored = null; // what an earlier page left, as long as it is on its way
    this.trouble = "";
    this.build(el, signal);
    this.version = model.get("version"); // of the text in the field
    this.input.value = model.get("value");
    this.resume();
    this.drawVersions();
    this.drawOwn();
    outbox.watch(() => this.look(), signal);
    signal.addEventListener("abort", () => this.leave());
    this.look();
  }

  build(el, signal) {
    const { model, words } = this;
    const single = model.get("single_line");
    const hint = model.get("hint");
    const id = `gbo-field-${hex()}`;
    this.input = make(single ? "input" : "textarea", {
      id,
      maxLength: model.get("longest"),
      ...(single ? { type: "text" } : { rows: 3 }),
      aria: { describedby: `${id}-hint ${id}-state` },
    });
    this.input.oninput = () => this.add("text", this.input.value);
    const calendar = make("input", {
      type: "date",
      style: "width: auto",
      aria: { label: words.pick },
    });
    calendar.onchange = () => {
      if (!calendar.value) return;
      this.input.value = calendar.value.split("-").reverse().join("/");
      this.input.oninput();
    };
    this.state = make("p", { className: "gbo-state", id: `${id}-state`, role: "status" });
    this.others = make("div", { className: "gbo-others", role: "group" });
    const fold = make("summary", { textContent: words.earlier });
    this.earlier = make("details", {}, fold, make("div"));
    this.input.onblur = () => outbox.flush(); // before what is pressed next
    this.own = make("p", { className: "gbo-hint" });
    const data = { person: this.person ?? "" };
    const field = make("div", { className: "gbo-field", data },
      make("label", { htmlFor: id, textContent: model.get("label") }),
      make("p", { className: "gbo-hint", id: `${id}-hint`, textContent: hint, hidden: !hint }),
      this.input, ...(model.get("date") ? [calendar] : []), this.state, this.others, this.earlier,
      ...this.ofAuthor());
    shut(owned(model, field, signal));
    el.append(field);
  }

  // what only the author of a text may do with it
  ofAuthor() {
    const { model, words, person } = this;
    if (!words.release) return [];
    const pressed = (act) => () => toKernel(model, { kind: "own", act, person });
    return [this.own, make("div", { className: "gbo-row" },
      button(words.release, pressed("release")),
      button(words.withdraw, pressed("withdraw")),
      button(words.delete, pressed("delete"), { className: "gbo-danger" }))];
  }
  drawOwn() {
    this.own.textContent = this.model.get("released") ? this.words.shared : this.words.hidden;
  }

  add(act, text) {
    this.typing = true;
    this.trouble = "";
    const { model, item, person, version: base, restored: after } = this;
    const what = { do: act, text };
    const entry = { model, item, person, base, what, place: item, after };
    outbox.add(entry, (result) => this.told(result));
  }
  told({ state, text, version }) {
    if (state === "done") this.version = version ?? this.model.get("version");
    if (state === "refused") this.typing = false; // the text stays, and so does what is said of it
    this.trouble = state === "done" || state === "asked" ? "" : text;
  }
  pending() {
    return outbox.pending(this.model.get("outbox"), this.item, this.person);
  }
  // before somebody else sat down meanwhile, this was typed here, and it is still on its way
  resume() {
    const last = this.pending().findLast((entry) => outbox.mine.includes(entry));
    if (!last) return;
    this.input.value = last.record.what.text;
    this.version = last.record.base;
    this.restored = outbox.found.find((record) => keyOf(record) === last.record.after) ?? null;
    this.typing = true;
    last.told = (result) => this.told(result);
  }
  // nobody sees this field any more: what is refused now is said on top of the page
  leave() {
    for (const entry of this.pending()) entry.told = null;
  }
  // where what stands in the field is now
  look() {
    const entries = this.pending();
    const level = outbox.level(entries);
    const left = entries.find(({ record }) => outbox.found.includes(record));
    if (left && !this.typing && !this.restored) this.restore(left.record);
    if (!left && this.restored) this.grow();
    if (level !== "kept") this.say(level);
    else if (this.trouble) this.say("refused");
    else if (this.typing) {
      this.typing = false;
      this.say("kept");
      this.changed();
    }
  }
  say(level) {
    this.state.dataset.state = level;
    this.state.textContent = [this.words[level], this.trouble].filter(Boolean).join(" ");
  }
  // an earlier page typed this, and the kernel does not have it yet
  restore(record) {
    if (record.what.text === this.model.get("value")) return;
    this.restored = record;
    this.input.value = record.what.text;
    this.version = record.base;
    this.typing = true;
  }
  // it has it now: what was typed meanwhile builds on that
  grow() {
    if (this.restored.what.text === this.model.get("value")) {
      this.version = this.model.get("version");
      for (const { record } of this.pending()) record.base = this.version;
    }
    this.restored = null;
  }
  changed() {
    if (!this.pending().length && !this.trouble) {
      const value = this.model.get("value");
      if (this.input.value !== value) this.input.value = value;
      this.version = this.model.get("version");
    }
    this.drawVersions();
    this.drawOwn();
  }

  // ---- two texts of one answer: one is chosen, the other can still be read
  drawVersions() {
    const { model, words } = this;
    const others = model.get("others");
    const earlier = model.get("earlier");
    const row = (text) => [make("blockquote", { textContent: text || "–" }),
      button(words.choose, () => this.choose(text))];
    this.others.hidden = !others.length;
    this.earlier.hidden = !earlier.length;
    this.others.replaceChildren(make("p", { textContent: words.conflict }),
      ...(others.length ? [model.get("value"), ...others] : []).flatMap(row));
    this.earlier.lastChild.replaceChildren(...earlier.flatMap(row));
  }
  choose(text) {
    this.input.value = text;
    this.version = this.model.get("version");
    this.add("choose", text);
    this.input.focus();
  }
}

export default view((model, el, signal) => {
  let field;
  let left = new AbortController();
  const sit = () => { // a field of another seat is another field
    left.abort();
    left = new AbortController();
    el.replaceChildren();
    field = new AnswerField(model, el, left.signal);
  };
  signal.addEventListener("abort", () => left.abort());
  outbox.join(model, signal);
  sit();
  model.on("change:person", sit);
  model.on("change:value change:version change:others change:earlier change:released", () =>
    field.changed());
});
