// Who sits at the keyboard: a button for each seat, a tick for who answered, and giving on.
class Seats {
  constructor(model, el, signal) {
    this.model = model;
    this.page = atSeat(model);
    this.done = button(model.get("words").done, () => this.giveOn(), { className: "gbo-done" });
    this.wipe = button(model.get("words").wipe, () => this.takeBack());
    this.told = make("span", { role: "status" });
    el.classList.add("gbo-seats");
    this.label = make("span");
    this.group = make("div", { role: "group" });
    el.append(this.label, this.group, this.done, this.wipe, this.told);
    model.on("change:seat change:answered change:chose change:told change:words", () =>
      this.look());
    model.on("change:seats", () => this.offer());
    signal.addEventListener("abort", () => {
      if (this.page.press?.by === this) this.page.press = null;
    });
    this.offer();
    this.goOn();
  }
  // a telephone may take a seat while the page is there
  offer() {
    this.buttons = this.model.get("seats").map(([seat, title]) =>
      button(seat.replace("seat-", ""), () => this.take(seat), { title, data: { seat } }));
    this.group.replaceChildren(...this.buttons);
    this.look();
  }
  take(seat) {
    globalThis.gboMovedOn = this.model.get("moves_on");
    this.page.press = { by: this, seat };
    this.model.set("seat", seat);
    this.model.save_changes();
    this.look();
  }
  // whoever took a seat for the next question stands there
  goOn() {
    const taken = this.buttons.find(({ dataset }) => dataset.seat === this.model.get("seat"));
    if (taken && globalThis.gboMovedOn) requestAnimationFrame(() => taken.focus());
    if (taken) globalThis.gboMovedOn = false;
  }
  // what somebody chose on a seat that is not theirs; a radio cannot be emptied
  takeBack() {
    globalThis.gboOutbox?.flush(); // a choice of just now, which would come back after it
    toKernel(this.model, { kind: "wipe", seat: this.model.get("seat") });
    this.done.focus();
  }
  // whoever gave on stands where the next person begins
  giveOn() {
    const answered = this.model.get("answered");
    this.take(null);
    const next = this.buttons.find(({ dataset }) => !answered.includes(dataset.seat));
    (next ?? this.buttons[0]).focus();
  }
  look() {
    const { model } = this;
    const seat = model.get("seat");
    const answered = model.get("answered");
    const words = model.get("words");
    this.label.textContent = words.label;
    this.group.setAttribute("aria-label", words.label);
    for (const one of this.buttons) {
      const done = answered.includes(one.dataset.seat);
      one.setAttribute("aria-pressed", one.dataset.seat === seat);
      one.setAttribute("aria-label", done ? `${one.title}, ${words.answered}` : one.title);
      one.classList.toggle("answered", done);
    }
    this.done.hidden = seat === null;
    this.wipe.hidden = seat === null || !model.get("chose");
    this.told.textContent = model.get("told");
    const { press } = this.page;
    const late = press && press.by !== this && press.seat !== seat; // an answer to an earlier press
    if (late || model.get("moves_on")) return;
    this.page.seat = seat;
    shut(this.page);
  }
}

export default view((...shown) => new Seats(...shown));
