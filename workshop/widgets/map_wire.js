// What goes to the kernel and comes back. The kernel holds the network; the browser holds on to each edit until it is on
// the disk, and does it again if the kernel stopped before that. The kernel knows which edits it kept already.
const KEYED = ["orgs", "ties", "kinds", "places"], LOST = 8000, NUMBERS = /^[\d\s,;:>–-]+$/;

function patched(whole, changes) {
  const next = { ...whole };
  for (const [part, values] of Object.entries(changes)) {
    if (!KEYED.includes(part)) { next[part] = values; continue; }
    next[part] = { ...next[part] };
    for (const [id, value] of Object.entries(values)) if (value === null) delete next[part][id]; else next[part][id] = value;
  }
  return next;
}

const drafts = (start) => {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(`gbo:${start}`)).map((name) => name.slice(4)); } catch { return []; }
};

function mapWire(m) {
  const { model, words } = m, edits = `${model.get("key")}/edits/`, sent = new Map();
  let timer = null, held = [];

  function send(what, values = {}) {
    if (m.whole().over && !["place", "about"].includes(what)) { m.status(words.readonly); return null; }
    const n = `${m.me}-${++count}`;
    sent.set(n, what === "enter" ? values.text : null);
    if (!["about", "travel"].includes(what)) { held.push({ n, what, values }); hold(); }
    try { model.send({ do: what, n, ...values }); } catch { /* the kernel is gone: it is done again when there is one */ }
    timer ??= setTimeout(() => m.status(words.lost), LOST);
    return n;
  }
  const hold = () => write(edits + m.me, held.length ? held : null);
  const turn = (n) => Number(n.slice(m.me.length + 1));
  function letGoOf(n, only) {  // up to this edit, or only this one
    if (!n.startsWith(m.me)) return;
    held = held.filter((edit) => (only ? edit.n !== n : turn(edit.n) > turn(n)));
    hold();
  }
  function doAgain() {
    const there = new Set(m.order().map((id) => m.orgs()[id].name.toLowerCase()));
    for (const key of drafts(edits).filter((key) => key !== edits + m.me)) {
      const left = read(key) ?? [];
      write(key, null);
      for (const { n: again, what, values } of left) {
        const n = send(what, { again, ...values });
        const known = what === "enter" && (NUMBERS.test(values.text) || there.has(values.text.trim().toLowerCase()));
        if (n && known) sent.set(n, null);  // nobody wants it back in the field
      }
    }
  }
  function replied(message) {
    if (message.kind === "kept") letGoOf(message.n);
    if (message.kind === "about" && message.id === m.picked) m.cutOff(message);
    if (message.kind !== "reply" || !sent.has(message.n)) return;
    const text = sent.get(message.n);
    sent.delete(message.n);
    if (message.kept || !message.ok) letGoOf(message.n, !message.kept);
    clearTimeout(timer);
    timer = sent.size ? setTimeout(() => m.status(words.lost), LOST) : null;
    if (message.text) m.status(message.text);
    if (text !== null) m.entered(text, message);
  }
  const put = (places) => {
    const fresh = {};
    for (const id in places) fresh[id] = m.mine[id] = places[id].map((value) => Math.round(value * 10) / 10);
    send("place", { places: fresh });
    m.draw();
  };
  return { send, replied, doAgain, put, busy: () => sent.size > 0, stopWaiting: () => clearTimeout(timer) };
}
