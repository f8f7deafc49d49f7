// Who sits at the keyboard: a button for each seat, a tick for who answered, and giving on.
class Seats {
  constructor(model, el) {
    this.model = model;
    const { label, done } = model.get("words");
    this.buttons = model.get("seats").map(([seat, name], place) => make("button",
      { type: "button", title: name, data: { seat }, onclick: () => this.take(seat) },
      String(place + 1)));
    this.done = make("button", { type: "button", className: "gbo-done", textContent: done });
    this.done.onclick = () => this.giveOn();
    this.told = make("span", { role: "status" });
    el.classList.add("gbo-seats");
    el.append(make("span", { textContent: label }), make("div", { role: "group", aria: { label } },
      ...this.buttons), this.done, this.told);
    const look = () => this.look();
    this.leave = listen(model, { "change:seat": look, "change:answered": look, "change:told": look });
    look();
  }
  take(seat) {
    this.model.set("seat", seat);
    this.model.save_changes();
  }
  // whoever gave on stands where the next person begins
  giveOn() {
    const answered = this.model.get("answered");
    this.take(null);
    (this.buttons.find(({ dataset }) => !answered.includes(dataset.seat)) ?? this.buttons[0]).focus();
  }
  look() {
    const { model } = this;
    const seat = model.get("seat");
    const answered = model.get("answered");
    const words = model.get("words");
    for (const button of this.buttons) {
      const done = answered.includes(button.dataset.seat);
      button.setAttribute("aria-pressed", button.dataset.seat === seat);
      button.setAttribute("aria-label", done ? `${button.title}, ${words.answered}` : button.title);
      button.classList.toggle("answered", done);
    }
    this.done.hidden = seat === null;
    this.told.textContent = model.get("told");
  }
}

export default {
  render({ model, el }) {
    const seats = new Seats(model, el);
    return () => seats.leave();
  },
};
