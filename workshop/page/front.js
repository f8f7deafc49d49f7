// The page's side of the widgets: Jupyter's own packages, and a line to Python in a worker.
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";
import makeAnywidget from "anywidget-factory";
import "@lumino/widgets/style/index.css";
import "@jupyter-widgets/base/css/index.css";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets.css";

const VIEW = "application/vnd.jupyter.widget-view+json";
const MODULES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget: makeAnywidget(base),
};
const { body } = document;
const { kit } = window;
const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
const worker = parent.kitWorker;
const id = base.uuid();

const bytes = (buffer) => (ArrayBuffer.isView(buffer)
  ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  : new Uint8Array(buffer));
const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

class Comm {
  constructor(manager, comm_id, target_name) {
    Object.assign(this, { manager, comm_id, target_name });
  }
  open(data, ...more) {
    return this.#send("comm_open", { target_name: this.target_name, data }, ...more);
  }
  send(data, ...more) {
    return this.#send("comm_msg", { data }, ...more);
  }
  close(data, ...more) {
    return this.#send("comm_close", { data }, ...more);
  }
  on_msg(handler) {
    this.heard = handler;
  }
  on_close(handler) {
    this.closed = handler;
  }
  #send(msg_type, content, callbacks, metadata = {}, buffers = []) {
    const header = { msg_id: base.uuid(), msg_type, date: new Date().toISOString() };
    const status = callbacks?.iopub?.status;
    if (status) this.manager.asked.set(header.msg_id, status);
    const whole = { comm_id: this.comm_id, ...content };
    worker.postMessage({ header, content: whole, metadata, buffers: buffers.map(bytes) });
    return header.msg_id;
  }
}

class Manager extends ManagerBase {
  comms = new Map();
  asked = new Map(); // a widget sends its next change once Python has taken in the one before
  chain = Promise.resolve();

  async loadClass(name, module) {
    const found = MODULES[module]?.[name];
    if (!found) throw new Error(`no widget ${module} ${name}`);
    return found;
  }
  async _create_comm(target, comm_id, data, metadata, buffers) {
    const comm = new Comm(this, comm_id || base.uuid(), target);
    this.comms.set(comm.comm_id, comm);
    if (data || metadata) comm.open(data, undefined, metadata, buffers);
    return comm;
  }
  async _get_comm_info() {
    return {};
  }

  next(act) { // one thing after the other
    this.chain = this.chain.then(act).catch((error) => console.error(error));
  }
  hear(message) {
    const { msg_type: type } = message.header;
    if (type === "status") this.next(() => this.#idle(message));
    else this.next(() => this.#comm(type, message.content, message));
  }
  #idle(message) {
    const { msg_id: sent } = message.parent_header;
    this.asked.get(sent)?.(message);
    this.asked.delete(sent);
  }
  async #comm(type, content, message) {
    const known = this.comms.get(content.comm_id);
    if (type === "comm_open" && !known) {
      const comm = new Comm(this, content.comm_id, content.target_name);
      this.comms.set(comm.comm_id, comm);
      await this.handle_comm_open(comm, message);
    } else if (type === "comm_msg") await known?.heard?.(message);
    else if (type === "comm_close" && known) {
      known.closed?.(message);
      this.comms.delete(content.comm_id);
    }
  }
  async show(place, data) { // an output of a cell
    place.replaceChildren(); // what stood there to read while Python was loading
    if (!data[VIEW]) return;
    const model = await this.get_model(data[VIEW].model_id);
    Widget.attach((await this.create_view(model)).luminoWidget, place);
    window.firstWidget ??= performance.now();
  }
}

const manager = new Manager();
const place = (index) => document.getElementById(`cell-${index}`);

const said = { // by the worker, apart from Jupyter's messages
  progress({ part }) {
    const bar = document.getElementById("progress");
    if (!bar || kit.trouble) return;
    bar.value = bar.dataset.parts.split(" ").indexOf(part) + 1;
    document.getElementById("bar-text").textContent = body.dataset[part];
  },
  output({ index, data }) {
    manager.next(() => manager.show(place(index), data));
  },
  failed({ index, said: sentence, trace }) {
    console.error(trace);
    const failure = document.createElement("p");
    const textContent = sentence || body.dataset.failed;
    Object.assign(failure, { className: "failure", role: "alert", textContent });
    (place(index) ?? document.getElementById("main")).prepend(failure);
    kit.ready();
  },
  done() {
    manager.next(() => kit.ready());
  },
  trouble({ why }) {
    kit.say(why);
  },
  sweep() { // what other tabs left in the outbox can be sent now, or was
    const box = window.gboOutbox;
    if (!box) return;
    box.limits.old = 0;
    box.sweep();
  },
};

function heard({ data }) {
  if (data.page && data.page !== id) return; // meant for the page before
  if (data.kind) said[data.kind](data);
  else manager.hear({ ...data, buffers: data.buffers.map(view) });
}

function start() {
  kit.open = () => {
    parent.opened(frameElement); // its address says which page this is
    parent.location.reload();
  };
  if (parent.kitVersion !== config.version) { // the site was made anew meanwhile
    kit.say("newer");
    return;
  }
  const lost = () => said.failed({ trace: "the worker" });
  const left = new AbortController(); // the worker outlives this page
  const { signal } = left;
  worker.addEventListener("message", heard, { signal });
  worker.addEventListener("error", lost, { signal });
  addEventListener("pagehide", () => left.abort());
  const { cells, later, language } = config;
  worker.postMessage({ id, cells, later, language });
  const begun = () => worker.postMessage({ later: true }); // who works here goes on to a map
  for (const own of ["pointerdown", "keydown"]) addEventListener(own, begun, { once: true });
}

start();
