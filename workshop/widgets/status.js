// Top of a page: which table, where what was done is now, and what a person has to decide about.
const LOOK = { className: "gbo-button" };

class Status {
  constructor(model, el, signal) {
    this.model = model;
    this.words = model.get("words");
    this.drawn = "";
    this.name = make("strong");
    this.state = make("span", { role: "status" });
    this.list = make("div", { className: "gbo-asked" });
    const said = make("div", { className: "gbo-status" }, this.name, this.state);
    (document.getElementById("top-status") ?? el).append(said);
    el.append(this.list);
    outbox.join(model, signal);
    outbox.watch(() => this.look(), signal);
    model.on("change:table change:saved change:seat", () => this.look());
    model.on("change:begun", () => this.mark());
    signal.addEventListener("abort", () => said.remove());
    this.look();
    this.mark();
  }

  mark() { // the pages that hold something, in the bar
    for (const link of document.querySelectorAll("#top-steps a")) {
      const begun = this.model.get("begun").includes(link.dataset.page);
      link.classList.toggle("begun", begun);
      link.title = link.dataset.name + (begun ? ` (${this.words.begun})` : "");
    }
  }

  look() {
    const { model, words } = this;
    const entries = outbox.pending(model.get("outbox"));
    const level = outbox.level(entries.filter(({ record }) => !record.aside));
    const said = level === "kept" && model.get("saved") === "unsaved" ? "unsaved" : level;
    const trouble = said === "kept" || said === "busy" ? "" : outbox.trouble; // a word is enough
    const text = [words[said], trouble].filter(Boolean).join(" ");
    this.name.textContent = model.get("table");
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.dataset.state = said;
    this.ask(entries.map(({ record }) => record).filter((record) => record.aside));
  }
  ask(records) {
    const seat = this.model.get("seat");
    const own = records.filter(({ person }) => person === null || person === seat);
    const shown = JSON.stringify([own, records.length, outbox.refusals]);
    if (shown === this.drawn) return; // whoever stands on a button stays there
    this.drawn = shown;
    const others = records.length - own.length;
    this.list.replaceChildren(...own.map((record) => this.question(record)),
      ...(others ? [make("p", { textContent: this.words.others })] : []),
      ...outbox.refusals.map((text) => this.refusal(text)));
  }
  question(record) {
    const { words } = this;
    const { reason, text } = record.aside;
    const { what, called } = record;
    const typed = [what.text, what.name, what.theme].find((one) => typeof one === "string");
    const decide = (yes) => () => outbox.decide(this.model, record, yes);
    return make("section", { className: "gbo-notice", role: "alert" },
      make("p", { textContent: text }),
      make("blockquote", { textContent: typed ?? called ?? words.drawn }),
      button(words[`yes_${reason}`], decide(true), LOOK),
      button(words.no, decide(false), LOOK));
  }
  refusal(text) {
    const seen = () => {
      outbox.refusals = outbox.refusals.filter((one) => one !== text);
      this.look();
    };
    return make("section", { className: "gbo-notice", role: "alert" },
      make("p", { textContent: text }), button(this.words.seen, seen, LOOK));
  }
}

export default view((...shown) => new Status(...shown));
