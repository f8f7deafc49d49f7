// What the scripts of this folder share; it stands before each of them.
const make = (tag, { data, aria, ...props } = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  Object.assign(node.dataset, data);
  for (const [key, value] of Object.entries(aria ?? {})) node.setAttribute(`aria-${key}`, value);
  node.append(...children.filter((child) => child != null));
  return node;
};
const button = (textContent, onclick, more = {}) =>
  make("button", { type: "button", textContent, onclick, ...more });
// What anywidget draws, unless it went away meanwhile. Once it goes, anywidget ends what listens to
// the model, and the signal ends the rest.
const view = (draw) => ({
  render({ model, el, signal }) {
    if (!signal.aborted) draw(model, el, signal);
  },
});
// To the kernel, apart from the outbox: what is lost with a kernel that is gone. The page says that
// it is, and what was begun here goes on; whether it could be sent.
const toKernel = (model, content, files) => {
  try {
    model.send(content, undefined, files);
    return true;
  } catch {
    return false;
  }
};
// to the page, before anything in it hears
const listen = (target, handlers, signal) => {
  for (const [name, handler] of Object.entries(handlers)) {
    target.addEventListener(name, handler, { capture: true, passive: false, signal });
  }
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
// Who sits at the keyboard of a page (in JupyterLab several stand in one window), and what stands
// there of persons: what another one answered is shut as soon as somebody takes the seat.
const atSeat = (model) => {
  const pages = (globalThis.gboSeats ??= new WeakMap());
  const page = model.widget_manager;
  if (!pages.has(page)) pages.set(page, { seat: undefined, press: null, own: new Set() });
  return pages.get(page);
};
const shut = ({ seat, own }) => {
  for (const part of own) {
    const { person } = part.dataset; // empty: the table's
    part.inert = Boolean(person) && seat !== undefined && person !== seat;
  }
};
const owned = (model, part, signal) => {
  const page = atSeat(model);
  page.own.add(part);
  signal.addEventListener("abort", () => page.own.delete(part));
  return page;
};
// Gives the focus to what takes no keys, in place of what had it and is gone: what somebody was
// typing there must not be done to something else. JupyterLab's own keys are off on it.
const rest = (node) => {
  node.setAttribute("tabindex", -1);
  node.dataset.lmSuppressShortcuts = "true";
  node.onblur = () => {
    if (document.hasFocus()) node.removeAttribute("tabindex"); // else the whole window lost it
  };
  node.focus({ preventScroll: true });
};
// What has the focus, if it stands in there.
const focusIn = (node) => (node.contains(document.activeElement) ? document.activeElement : null);

