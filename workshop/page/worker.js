// Python in the browser: starts Pyodide, puts the kit and what was kept in place, runs the cells of
// a page. It stays while pages come and go.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const PACKAGES = "/lib/python3.14/site-packages";
const WORK = "/work";
const FILE = `${WORK}/answers.sqlite3`;
const NAME = "gbo-workshop"; // of the browser's storage, its lock and its channel
const LISTEN = 600; // milliseconds in which another tab has to say that it is there
const PAUSES = 6; // of that time
const SETTLE = 1000;
const COUNTER = 24; // in the head of SQLite's file, which counts its changes there
const SIZE_HOLDS_FOR = 92; // and says for which count the size in the head holds

let py; // Pyodide
let bridge; // the Python module that this file calls
let page = null; // the one that is shown
let later; // second half of the packages, being fetched
let why = "refused"; // why nothing can be written now; "" where it can
let stamp; // of the record that this tab last read or wrote
let kept = 0; // which state of the file that was
let saving = false;
let held = []; // what Python said after it wrote, until that is kept
let doubtful = false; // whether the file holds something that could not be kept

const kindOf = ({ content }) => content?.data?.content?.kind; // of what an own widget is told
const tell = (message) => postMessage({ page: page?.id, ...message });
const broken = (error) => tell({ kind: "failed", trace: String(error.stack ?? error) });
const progress = (part) => tell({ kind: "progress", part });

async function get(name) {
  const found = await fetch(name);
  if (!found.ok) throw new Error(`${name} ${found.status}`);
  return found.arrayBuffer();
}

// ---- the browser's storage: one file, and the stamp of who wrote it last

const ask = (request) => new Promise((good, bad) => {
  request.onsuccess = () => good(request.result);
  request.onerror = () => bad(request.error);
});
let opened = openStorage();

async function openStorage() { // rejected too where it is not allowed at all
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("files");
  return ask(request);
}

async function begin(mode) {
  try {
    return (await opened).transaction("files", mode, { durability: "strict" });
  } catch { // a system may end the line to it, as for a tablet's page in the background
    opened = openStorage();
    return (await opened).transaction("files", mode, { durability: "strict" });
  }
}

async function read() { // the newest file, into Python's own file system
  const files = (await begin("readonly")).objectStore("files");
  const [content, newest] = await Promise.all([ask(files.get(FILE)), ask(files.get("stamp"))]);
  if (newest && newest === stamp && !doubtful) return true; // it is here, and may have grown since
  stamp = newest;
  if (content) py.FS.writeFile(FILE, madeKnown(content));
  kept = counter();
  doubtful = false;
  return Boolean(content);
}

// SQLite looks at a file anew where its counter is another one; two tabs may have counted alike.
function madeKnown(content) {
  const head = new DataView(content.buffer, content.byteOffset);
  const next = Math.max(counter(), head.getUint32(COUNTER)) + 1;
  for (const place of [COUNTER, SIZE_HOLDS_FOR]) head.setUint32(place, next);
  return content;
}

async function write(content) {
  const deal = await begin("readwrite");
  const files = deal.objectStore("files");
  const ended = new Promise((good, bad) => {
    deal.oncomplete = good;
    deal.onabort = () => bad(deal.error ?? new Error("overtaken"));
  });
  ended.catch(() => {});
  const next = `${Date.now()} ${Math.random()}`;
  if (await ask(files.get("stamp")) !== stamp) deal.abort(); // another tab wrote meanwhile
  else {
    files.put(content, FILE);
    files.put(next, "stamp");
    deal.commit?.(); // the page may go at this very moment
  }
  await ended;
  stamp = next;
}

function counter() { // SQLite counts its transactions in the file itself
  if (!py.FS.analyzePath(FILE).exists) return 0;
  const { contents } = py.FS.lookupPath(FILE).node;
  if (contents.length < SIZE_HOLDS_FOR) return 0;
  return new DataView(contents.buffer, contents.byteOffset).getUint32(COUNTER);
}

async function save() { // what Python wrote, and only then what it said about it
  saving = true;
  try {
    if (why) kept = counter(); // a tab that only looks noted its table, in its own copy
    while (counter() !== kept) {
      const now = counter();
      await write(py.FS.readFile(FILE));
      kept = now;
      others.postMessage("kept");
    }
  } catch (error) {
    kept = counter();
    doubtful = true;
    held = held.filter((message) => !["boxed", "forget"].includes(kindOf(message))); // not so
    stop(error.message === "overtaken" ? "other_tab" : "full");
  }
  saving = false;
  held.splice(0).forEach((message) => postMessage(message));
}

function stop(reason) {
  why = reason;
  if (reason === "other_tab") read();
  tell({ kind: "trouble", why });
}

// ---- one tab writes; what others do waits in the outbox, which the one that writes sends

const others = new BroadcastChannel(NAME);

others.onmessage = ({ data }) => {
  if (data === "kept" && why === "other_tab" && py) read().then(() => tell({ kind: "sweep" }));
  if (data === "hello" && !why) others.postMessage("here");
  if (data === "waiting" && !why) tell({ kind: "sweep" });
};

async function findOut() { // whether this tab may write
  try {
    await opened;
  } catch {
    return; // refused
  }
  why = "other_tab";
  const forever = new Promise(() => {}); // as long as this tab is there
  if (!navigator.locks) why = await alone() ? "" : why; // plain http
  else await new Promise((said) => {
    navigator.locks.request(NAME, { ifAvailable: true }, (lock) => {
      if (lock) why = "";
      else navigator.locks.request(NAME, () => { takeOver(); return forever; });
      said();
      return lock && forever;
    });
  });
}

async function alone() {
  let answered = false;
  const hear = ({ data }) => { answered ||= data === "here"; };
  others.addEventListener("message", hear);
  others.postMessage("hello");
  // in short pauses: while Python runs nothing is heard, and what waits comes before the next one
  for (let pauses = 0; pauses < PAUSES && !answered; pauses += 1) {
    await new Promise((good) => { setTimeout(good, LISTEN / PAUSES); });
  }
  others.removeEventListener("message", hear);
  return !answered;
}

let taking = false;

async function takeOver() { // the tab that wrote is gone
  // what is read twice would undo what is written between
  if (taking || why !== "other_tab") return;
  taking = true;
  if (bridge) await read();
  why = "";
  taking = false;
  tell({ kind: "sweep" });
}

// ---- what Python calls

self.kit = {
  why_not() {
    if (why === "other_tab") others.postMessage("waiting");
    if (why === "other_tab" && !navigator.locks) alone().then((free) => free && takeOver());
    return why;
  },
  send(text, buffers) {
    const sent = buffers ? buffers.toJs({ create_pyproxies: false }) : [];
    const message = { page: page?.id, ...JSON.parse(text), buffers: sent };
    if (doubtful && kindOf(message) === "boxed") message.content.data.content.upto = 0;
    const safe = !saving && counter() === kept;
    // a map or a board is shown at once: it does not say that anything is kept
    const drawing = message.content?.data?.state?.state && !held.length;
    if (safe || drawing) postMessage(message);
    else held.push(message);
    if (!safe && !saving) save();
  },
  later() { // it is here already, or Python waits
    let packed = later instanceof ArrayBuffer ? later : null;
    if (!packed) {
      const request = new XMLHttpRequest();
      request.open("GET", "later.zip?now", false); // not after the one that is on its way
      request.responseType = "arraybuffer";
      request.send();
      if (request.status !== 200) throw new Error(`later.zip ${request.status}`);
      packed = request.response;
    }
    py.unpackArchive(packed, "zip", { extractDir: PACKAGES });
    later = new ArrayBuffer(0);
  },
};

function fetchLater() {
  later ??= get("later.zip").then((found) => { later = found; }, () => { later = undefined; });
}

// ---- pages

async function run() {
  const asked = page;
  if (page.later) await later;
  if (page !== asked) return; // left already
  bridge.run(JSON.stringify(page.cells), page.language);
  tell({ kind: "done" });
  if (why === "full") stop(why); // said on each page
}

self.onmessage = ({ data }) => {
  if (data.later) fetchLater();
  if (data.cells) {
    page = data;
    if (bridge) run().catch(broken); // the next page of the same tab
  } else if (data.header && bridge) {
    const { header, content, metadata, buffers } = data;
    bridge.hear(JSON.stringify({ header, content, metadata }), buffers);
  }
};

async function start() {
  const packages = get("site.zip");
  const known = findOut();
  if (!navigator.locks) await known; // while nothing else keeps this thread from hearing
  packages.catch(() => {});
  navigator.storage?.persist?.();
  py = await loadPyodide({
    indexURL: new URL("./pyodide/", self.location).href,
    lockFileContents: LOCK,
    env: { HOME: WORK, WORKSHOP_WORK: WORK },
    checkAPIVersion: false,
  });
  progress("kit");
  py.unpackArchive(await packages, "zip", { extractDir: PACKAGES });
  progress("answers");
  py.FS.mkdirTree(WORK);
  await known;
  if (why !== "refused") {
    let there = await read();
    while (why === "other_tab" && !there) { // that tab is just making it
      await new Promise((again) => { setTimeout(again, LISTEN); });
      there = await read();
    }
  }
  const found = py.pyimport("workshop.page.bridge");
  found.look_after(WORK);
  progress("drawing");
  bridge = found;
  if (page) run().catch(broken);
  setInterval(() => { if (!saving && counter() !== kept) save(); }, SETTLE);
}

start().catch(broken);
