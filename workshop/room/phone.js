// A telephone: what is chosen or typed goes into the outbox of the pages and stays there until it
// is kept; what the trainer asks now comes on top. Without this script the form is sent whole.
const POLL = 3000;
const PATIENCE = 10000;
const TYPING = 5000; // who paused so long gets the trainer's next question
const AIMED = 500; // a tap so soon after all moved was meant for what stood there before
const form = document.querySelector("#questions");
const person = form.dataset.person;
const state = document.querySelector("#state");
const stage = document.querySelector("#now");
const asides = document.querySelector("#asides");
let table = JSON.parse(form.dataset.outbox);
let known = { texts: form.dataset.texts === "yes" };
let gone = false; // the seat is no longer ours
let sending = Promise.resolve();

// ---- the line: a box by POST, and what is to be known by an empty one

async function post(content) {
  const body = JSON.stringify(content);
  try {
    const keepalive = body.length < 60000;
    const signal = AbortSignal.timeout?.(PATIENCE);
    const reply = await fetch("/box", { method: "POST", body, keepalive, signal });
    gone = reply.status === 403;
    if (!reply.ok) throw reply;
    const said = await reply.json();
    if (said.outbox.group !== table.group) { // another tab took another seat
      location.reload();
      return;
    }
    const generation = table.generation;
    table = said.outbox;
    show(said.now);
    if (content.entries.length) outbox.heard(line, said);
    if (table.generation !== generation) outbox.tell();
  } catch { /* it is sent again */ }
  tell();
}
const line = {
  get: () => table,
  on() {}, // `post` hands over what is heard
  send(content) { sending = Promise.all([sending, post(content)]); },
};
const look = () => document.hidden
  || post({ ...table, kind: "box", box: "look", entries: [] });

// ---- what moves under a finger takes no tap for a moment

let settling;
function moved() {
  document.body.classList.add("moved");
  clearTimeout(settling);
  settling = setTimeout(() => document.body.classList.remove("moved"), AIMED);
}

// ---- where it is

let touched = false;
let shownAsides = "";
function tell() {
  const entries = outbox.pending(table);
  let word = outbox.level(entries);
  if (entries.length && known.open === false) word = "closed";
  if (gone) word = "out";
  state.className = word;
  if (word !== "busy") {
    const text = outbox.refusals.at(-1) ?? state.dataset[word];
    touched ||= word !== "kept";
    if (touched && state.textContent !== text) state.textContent = text;
  }
  const asked = entries.map(({ record }) => record).filter(({ aside }) => aside);
  const shown = JSON.stringify(asked); // with its text, which goes on while the question stands
  if (shownAsides === shown) return;
  asides.replaceChildren(...asked.map(question));
  shownAsides = shown;
  moved();
}
// what came too late or after everything was deleted: its author decides
function question(record) {
  const { what, aside, item } = record;
  const box = document.createElement("p");
  const chosen = field(item)?.querySelector(`[value="${CSS.escape(what.value)}"]`);
  box.append(`${aside.text} “${what.text ?? chosen?.parentElement.innerText ?? ""}” `);
  for (const [word, yes] of [["yes", true], ["no", false]]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: asides.dataset[word] });
    button.onclick = () => outbox.decide(line, record, yes);
    box.append(button);
  }
  return box;
}

// ---- what the trainer asks now stands on top; it goes back to its place when that changes

const place = document.createElement("div");
let raised = null;
let typedAt = 0;
function raise(row) {
  const active = document.activeElement;
  const typing = active.tagName === "TEXTAREA" && Date.now() - typedAt < TYPING;
  if (row === raised || typing) return; // nothing moves while somebody types
  if (raised) place.replaceWith(raised);
  if (row) {
    row.replaceWith(place);
    stage.append(row);
  }
  raised = row;
  stage.hidden = !row;
  moved();
  active.focus({ preventScroll: true });
}
function show(now) {
  if (now.texts !== known.texts) location.reload();
  known = now;
  raise(field(now.asked)?.closest(".row") ?? null);
}

// ---- the fields

const field = (item) => document.getElementById(`q-${item}`);
function add(box, what, place = null) {
  touched = true;
  outbox.refusals.length = 0;
  const { item } = box.dataset;
  const told = ({ state: end, version }) => {
    if (end === "done" && version) box.dataset.base = version;
  };
  const base = Number(box.dataset.base);
  // on somebody's own telephone it is safe at once: nobody else sits down at it
  outbox.add({ model: line, item, person, base, what, place, keep: true }, told);
}
function changed({ target, type }) {
  const box = target.closest("[data-item]");
  if (!box) return;
  const { item } = box.dataset;
  const share = box.querySelector("[type=checkbox]");
  if (target.type === "radio" && type === "change") {
    add(box, { do: "put", value: target.value }, item);
  } else if (target === share && type === "change") {
    add(box, { do: share.checked ? "release" : "withdraw" });
  } else if (target.tagName === "TEXTAREA" && type === "input") {
    typedAt = Date.now();
    share.checked = false; // a later change is one's own again
    add(box, { do: "text", text: target.value }, item);
  }
}
function fillIn() {
  for (const { record: { item, what } } of outbox.pending(table)) {
    const box = field(item);
    const text = box?.querySelector("textarea");
    if (what.do === "text" && text && text !== document.activeElement) text.value = what.text;
    if (what.do === "put") {
      for (const radio of box?.querySelectorAll("[type=radio]") ?? []) {
        radio.checked = radio.value === what.value;
      }
    }
  }
}

// ---- deleting: first from this browser, then, once nothing is on its way, from the kit

document.querySelector("#wipe").onsubmit = async (event) => {
  event.preventDefault();
  if (!confirm(event.target.dataset.sure)) return;
  outbox.forget(table, { generation: Infinity });
  const mine = (await outbox.read()).filter(({ group }) => group === table.group);
  await outbox.write([], mine.map(({ box, n }) => [box, n]));
  await sending;
  try {
    const reply = await fetch("/wipe", { method: "POST" });
    if (!reply.ok) throw reply;
    location.replace(reply.url);
  } catch {
    state.textContent = event.target.dataset.failed;
  }
};

document.body.classList.add("live");
// what was said once is not said again when the page loads anew
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
stage.querySelector("p").remove();
stage.hidden = true;
form.onsubmit = (event) => event.preventDefault();
form.addEventListener("input", changed);
form.addEventListener("change", changed);
outbox.join(line);
outbox.watch(tell);
outbox.sweep().then(fillIn);
setInterval(look, POLL);
document.addEventListener("visibilitychange", look);
look();
