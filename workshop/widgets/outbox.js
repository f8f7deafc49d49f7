// What people do and type, until the kernel has it. One object a page, shared by all its views.
// A box is made at each page load. A send carries all of it that is not acknowledged, in order, and
// the kernel keeps one number a box: nothing is lost or counts twice, whatever the line does.
const OUTBOX = { // milliseconds
  young: 300, // until then an entry is on its way, and nothing is said about where it is
  typing: 400, // between two sends of what is typed
  alone: 2000, // until then what one person alone may see is not put on the disk
  again: 3000,
  old: 5000, // from then on other pages send it too, and a page that gave no sign of life is gone
  lost: 8000,
};
const TRIES = 3;
const LAST = "gbo-last "; // where pages set down what the disk may not have yet

const hex = () => {
  const bytes = [...crypto.getRandomValues(new Uint8Array(12))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
const tableOf = ({ store, room, group }) => JSON.stringify([store, room, group]);
const sameField = (a, b) =>
  a.place && a.place === b.place && a.person === b.person && tableOf(a) === tableOf(b);
const keyOf = ({ box, n }) => `${box} ${n}`;
const resultOf = (request) => new Promise((good, bad) => { // what IndexedDB answers
  request.onsuccess = () => good(request.result);
  request.onerror = () => bad(request.error);
});
const lastSign = ({ made, alive = made }) => Math.max(made, alive);

class Outbox {
  constructor(limits = {}) {
    this.limits = { ...OUTBOX, ...limits };
    this.n = 0;
    this.boxes = new Map(); // table to its two boxes
    this.mine = []; // entries of this page: { record, stored, since, told }
    this.tries = new Map(); // of entries that failed
    this.found = []; // records that other pages left in this browser
    this.leaving = false;
    this.swept = 0; // when they were read: a sign of life since then is not seen
    this.channels = [];
    this.watchers = new Set();
    this.trouble = "";
    this.refusals = []; // of what no view of this page waits for
    this.left = []; // boxes of the page that stood in this tab before
    this.last = `${LAST}${hex()}`;
    try {
      this.left = JSON.parse(sessionStorage.getItem("gbo-left")) ?? [];
      sessionStorage.removeItem("gbo-left");
    } catch { /* storage is off */ }
    setInterval(() => this.beat(), this.limits.again);
    setInterval(() => this.sweep(), this.limits.old);
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", () => this.stay());
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.release(); // a page that nobody sees may give no sign of life
      this.beat();
    });
  }

  // ---- the views of the page: each is a line to the kernel

  join(model, signal) {
    model.on("msg:custom", (content) => this.heard(model, content));
    model.on("change:outbox", () => this.tell());
    this.channels.push(model);
    this.sweeping ??= Promise.resolve().then(() => this.sweep());
    const leave = () => this.channels.splice(this.channels.indexOf(model), 1);
    signal?.addEventListener("abort", leave);
  }
  watch(watcher, signal) {
    this.watchers.add(watcher);
    signal?.addEventListener("abort", () => this.watchers.delete(watcher));
  }
  tell() {
    for (const watcher of [...this.watchers]) watcher();
  }

  // `send`: what is done and typed; `desk`: what is still being typed, and never sent from there,
  // so that no number of it is overtaken before it counts
  boxesOf(record) {
    const table = tableOf(record);
    if (!this.boxes.has(table)) this.boxes.set(table, { send: hex(), desk: hex() });
    return this.boxes.get(table);
  }

  // ---- entries

  // One thing done or typed. Typing replaces the entry of its field (`place`). `hold`: a short text
  // that counts when it is released; `draft`: only kept; `after`: a record of an earlier page on
  // which it builds, and which comes first; `called`: what people call a choice. `told` hears each
  // result.
  add({ model, item, person = null, base = 0, what, place = null, ...how }, told = null) {
    const { hold = false, draft = false, confirmed = false, called = null } = how;
    const after = how.after ? keyOf(how.after) : null;
    const made = Date.now();
    const entry = { item, person, base, what, place, called, hold, draft, confirmed, after, made };
    const record = { ...model.get("outbox"), ...entry };
    const old = this.mine.find((entry) => sameField(entry.record, record) && !confirmed);
    const { send, desk } = this.boxesOf(record);
    record.box = hold || draft ? desk : send;
    if (confirmed) record.box = hex(); // what was typed in the field meanwhile stays beside it
    record.n = ++this.n;
    // it goes on from what was typed before all was deleted, and is asked about as that is
    if (old) record.generation = old.record.generation;
    if (old?.record.aside) { // a question about this field stands open: the text in it changes
      const { box, n, aside } = old.record;
      Object.assign(record, { box, n, aside });
    }
    this.mine = this.mine.filter((entry) => entry !== old);
    const put = { record, stored: false, since: old?.since ?? made, told };
    this.mine.push(put);
    const gone = old && old.record.n !== record.n ? [[old.record.box, old.record.n]] : [];
    const wait = person === null || how.keep ? 0 : put.since + this.limits.alone - made;
    if (wait <= 0) this.keep(put, gone);
    else setTimeout(() => this.mine.includes(put) && this.keep(put), wait);
    setTimeout(() => this.tell(), this.limits.young + 20);
    if (!hold && !draft && !record.aside) this.sendSoon(place !== null);
    this.tell();
    return put;
  }
  keep(entry, gone = []) {
    const { record } = entry;
    return this.write([record], gone).then((stored) => {
      entry.stored = stored && entry.record === record;
      this.tell();
    });
  }
  // what was held counts now: at this place, or everywhere; whether there was any
  release(place = null) {
    const held = this.mine.filter(({ record }) =>
      record.hold && !record.aside && (place === null || record.place === place));
    for (const entry of held) {
      const { box, n } = entry.record;
      const { send } = this.boxesOf(entry.record);
      entry.record = { ...entry.record, hold: false, box: send, n: ++this.n };
      this.keep(entry, [[box, n]]);
    }
    if (held.length) this.flush();
    return held.length > 0;
  }
  // what stands at this place is wanted no more
  drop(model, place) {
    const here = tableOf(model.get("outbox"));
    const gone = this.mine.filter(({ record }) =>
      record.place === place && tableOf(record) === here);
    this.mine = this.mine.filter((entry) => !gone.includes(entry));
    this.write([], gone.map(({ record }) => [record.box, record.n]));
    this.tell();
  }
  // Drafts of pages that are gone whose place starts so, the newest first; they are this page's
  // from now on. What is older than a deletion of all goes, for the page that was there may have
  // heard nothing of it.
  async drafts(model, start) {
    await this.sweep();
    const here = tableOf(model.get("outbox"));
    const fits = (one) => one.draft && one.place.startsWith(start) && tableOf(one) === here;
    const found = this.found.filter((one) => fits(one) && !this.lives(one))
      .sort((a, b) => a.made - b.made);
    this.found = this.found.filter((record) => !found.includes(record));
    this.write([], found.map(({ box, n }) => [box, n]));
    const { generation } = model.get("outbox");
    for (const { item, what } of found.filter((one) => one.generation === generation)) {
      this.add({ model, item, what, place: `${start}/${hex()}`, draft: true });
    }
    return this.mine.map(({ record }) => record).filter(fits).sort((a, b) => b.n - a.n);
  }

  // What is not acknowledged of a table, or of one field of it; the newest last.
  pending(table, place = null, person = null) {
    const here = tableOf(table);
    const wanted = ({ record }) => tableOf(record) === here && !record.draft
      && (place === null || (record.place === place && record.person === person));
    return this.entries.filter(wanted);
  }
  // Of those, what nobody has to release or to decide about first.
  underWay(model) {
    const records = this.pending(model.get("outbox")).map(({ record }) => record);
    return records.filter(({ hold, aside }) => !hold && !aside);
  }
  // What was done last at a place, if it is not acknowledged.
  doneAt(model, place, person = null) {
    return this.pending(model.get("outbox"), place, person).at(-1)?.record.what;
  }
  get entries() {
    const found = this.found.map((record) => ({ record, stored: true, since: record.made }));
    return [...found.sort((a, b) => a.since - b.since), ...this.mine];
  }
  // forgets records here, whichever page made them
  lose(gone) {
    this.mine = this.mine.filter(({ record }) => !gone(record));
    this.found = this.found.filter((record) => !gone(record));
  }
  // How safe that is: kept, busy, safe (in this browser), unsafe, lost (no answer) or asked.
  level(entries) {
    const now = Date.now();
    if (entries.some(({ record }) => record.aside)) return "asked";
    if (!entries.length) return "kept";
    const aged = entries.filter(({ since }) => now - since > this.limits.young);
    if (aged.some(({ stored }) => !stored)) return "unsafe";
    if (!aged.length) return "busy";
    return aged.some(({ since, record }) => now - since > this.limits.lost && !record.hold)
      ? "lost" : "safe";
  }

  // Whether nothing would be lost if the page went now: a page whose kernel is gone
  // reloads by itself.
  get safe() {
    return this.mine.every(({ stored }) => stored);
  }

  // ---- sending

  sendSoon(typed) {
    const wait = typed ? (this.sent ?? 0) + this.limits.typing - Date.now() : 0;
    if (wait <= 0) this.flush();
    else this.soon ??= setTimeout(() => this.flush(), wait);
  }
  beat() {
    const { leaving } = this;
    for (const entry of this.mine) {
      const { record, since, stored } = entry;
      const begun = record.hold || record.draft;
      if (begun) record.alive = leaving ? 0 : Date.now(); // written anew each time
      const alone = record.person !== null && Date.now() - since < this.limits.alone;
      if ((begun || !stored) && (leaving || !alone)) this.keep(entry);
    }
    this.flush();
    this.tell();
  }
  // Whether the page in which this was begun may still be there.
  lives(record) {
    const left = record.alive === 0 || this.left.includes(record.box);
    return !left && this.swept - lastSign(record) < this.limits.old;
  }
  flush() {
    clearTimeout(this.soon);
    this.soon = null;
    this.sent = Date.now();
    const mine = this.mine.map(({ record }) => record).filter((record) => !record.hold);
    const all = [...this.found, ...mine].filter((record) => !record.draft && !record.aside);
    for (const box of new Set(all.map((record) => record.box))) {
      const records = all.filter((one) => one.box === box).sort((a, b) => a.n - b.n);
      const lately = Math.max(...records.map(lastSign));
      const own = mine.includes(records[0]) || this.left.includes(box);
      if (own || this.swept - lately > this.limits.old) this.post(records);
    }
  }
  post(records) {
    const [{ box, store, generation, room, group }] = records;
    const here = tableOf(records[0]);
    const model = this.channels.findLast((one) => tableOf(one.get("outbox")) === here);
    // what follows an entry that has to wait waits too, for the kernel keeps one number
    const stop = records.findIndex((one) => one.generation !== generation || this.waits(one));
    const run = stop < 0 ? records : records.slice(0, stop);
    if (!model || !run.length) return;
    const now = Date.now();
    const entries = run.map(({ n, item, person, base, what, made, confirmed }) =>
      ({ n, item, person, base, what, age: now - made, confirmed }));
    try {
      model.send({ kind: "box", store, generation, room, group, box, entries });
    } catch { /* the line is down: it is sent again */ }
  }
  waits({ after }) {
    return after !== null && this.found.some((other) => keyOf(other) === after && !other.aside);
  }
  leave() {
    this.leaving = true;
    const released = this.release();
    this.beat();
    const waiting = this.mine.filter(({ record }) => !record.aside).map(({ record }) => record.box);
    const boxes = [...this.boxes.values()].flatMap(({ send, desk }) => [send, desk]);
    const own = [...new Set([...boxes, ...waiting])];
    try {
      sessionStorage.setItem("gbo-left", JSON.stringify([...own, ...this.left]));
      if (released || !this.safe) this.setDown(own);
    } catch { /* storage is off, or full */ }
  }
  // The browser may give up what it is still writing when a page goes; what stands here it keeps.
  // All of the page's boxes, for what is on the disk may be of a moment before.
  setDown(boxes) {
    const last = this.mine.filter(({ record, stored }) => !stored || boxes.includes(record.box));
    const records = last.map(({ record }) => record);
    localStorage.setItem(this.last, JSON.stringify({ boxes, records }));
  }
  stay() { // a page that comes back as it was has it all itself
    this.leaving = false;
    try {
      localStorage.removeItem(this.last);
    } catch { /* storage is off */ }
  }

  // ---- what the kernel says

  heard(model, content) {
    if (content.kind === "forget") this.forget(model.get("outbox"), content);
    if (content.kind !== "boxed") return;
    const { box, upto, results = [] } = content;
    this.trouble = results.find(({ state }) => state === "later")?.text ?? "";
    const before = this.found.length;
    let further = false;
    for (const entry of this.entries.filter(({ record }) => record.box === box)) {
      const { n } = entry.record;
      const known = n <= upto ? { n, state: "done" } : null; // it was applied before
      const result = results.find((one) => one.n === n) ?? known;
      if (result) further = this.settle(entry, result) || further;
    }
    this.lose((record) => record.box === box && record.n <= upto);
    if (upto > 0) this.write([], [IDBKeyRange.bound([box, 0], [box, upto])]);
    if (further || this.found.length < before) this.flush();
    this.tell();
  }
  // What became of an entry; true where it is put aside, so that the rest of its box can go on.
  settle(entry, result) {
    const { record } = entry;
    const { state, text, reason, version } = result;
    let aside = state === "asked" ? { reason, text } : null;
    if (state === "failed") {
      const tries = (this.tries.get(keyOf(record)) ?? 0) + 1;
      this.tries.set(keyOf(record), tries);
      if (tries >= TRIES) aside = { reason: "failed", text };
    }
    if (aside) this.putAside(entry, aside);
    if (state === "done" && version) {
      for (const { record: later } of this.mine) {
        if (later.after === keyOf(record)) later.base = version;
      }
    }
    entry.told?.(result);
    if (state === "refused" && !entry.told) this.refusals.push(text);
    return aside !== null;
  }
  // A person has to say whether it shall be applied. Two pages that ask write one record.
  putAside(entry, aside) {
    const { box, n } = entry.record;
    const record = { ...entry.record, box: `aside-${box}`, hold: false, aside };
    this.lose((one) => one === entry.record);
    const put = { ...entry, record, stored: false, since: record.made };
    this.mine.push(put);
    this.keep(put, [[box, n]]);
  }
  // The answer: apply it as it is now, or throw it away.
  decide(model, record, yes) {
    this.lose((one) => one === record);
    this.write([], [[record.box, record.n]]);
    const { item, person, base, what, place, called } = record;
    const how = { confirmed: true, keep: true, called };
    if (yes) this.add({ model, item, person, base, what, place, ...how });
    this.tell();
  }
  // All of this table that is older than a generation, or one text, is gone from this browser too.
  forget(table, { generation, item, person = null }) {
    const here = tableOf(table);
    const gone = (record) => tableOf(record) === here
      && (item ? record.item === item && record.person === person : record.generation < generation);
    this.lose(gone);
    this.read().then((all) => this.write([], all.filter(gone).map(({ box, n }) => [box, n])));
    this.tell();
  }

  // ---- the browser's own disk

  async sweep() {
    const now = Date.now();
    const all = await this.read();
    this.swept = now;
    const own = new Set(this.mine.map(({ record }) => record.box));
    for (const { send, desk } of this.boxes.values()) own.add(send).add(desk);
    const tables = new Set(this.channels.map((model) => tableOf(model.get("outbox"))));
    this.found = all.filter((record) => !own.has(record.box) && tables.has(tableOf(record)));
    // a question that another page answered
    const there = new Set(all.map(keyOf));
    this.mine = this.mine.filter(({ record, stored }) =>
      !record.aside || !stored || there.has(keyOf(record)));
    this.flush();
    this.tell();
  }
  opened() {
    if (!this.base) {
      const request = indexedDB.open("gbo-outbox", 1);
      const keyPath = ["box", "n"];
      request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath });
      this.base = resultOf(request);
    }
    return this.base;
  }
  // Records, and keys or ranges of them; whether it is on the disk.
  async write(put, gone) {
    if (!put.length && !gone.length) return true;
    try {
      const work = (await this.opened()).transaction("entries", "readwrite");
      const entries = work.objectStore("entries");
      for (const key of gone) entries.delete(key);
      for (const record of put) entries.put(record);
      const ended = new Promise((good, bad) => {
        work.oncomplete = good;
        work.onabort = () => bad(work.error);
      });
      work.commit?.(); // else it ends with the page, when somebody leaves at this very moment
      await ended;
      return true;
    } catch {
      this.base = null; // tried anew with the next one
      return false;
    }
  }
  async read() {
    try {
      await this.bringIn();
      const entries = (await this.opened()).transaction("entries").objectStore("entries");
      return await resultOf(entries.getAll());
    } catch {
      this.base = null;
      return [];
    }
  }
  async bringIn() { // what pages set down as they went
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(LAST));
      for (const name of names) {
        const { boxes, records } = JSON.parse(localStorage.getItem(name));
        const before = boxes.map((box) => IDBKeyRange.bound([box, 0], [box, Infinity]));
        if (await this.write(records, before)) localStorage.removeItem(name);
      }
    } catch { /* storage is off */ }
  }
}

const outbox = (globalThis.gboOutbox ??= new Outbox());

// A short text is held from the first letter, and counts when its field is left.
const holdText = (input, place, hold, left = () => {}) => {
  input.oninput = hold;
  input.onchange = () => {
    if (outbox.release(place)) left();
  };
  input.onblur = input.onchange;
  input.onkeydown = ({ key }) => {
    if (key === "Enter") input.blur();
  };
  return input;
};

