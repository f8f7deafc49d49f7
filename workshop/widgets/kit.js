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
// to the page, before anything in it hears
const listen = (target, handlers, signal) => {
  for (const [name, handler] of Object.entries(handlers)) {
    target.addEventListener(name, handler, { capture: true, passive: false, signal });
  }
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
// what one person answered is shut from the moment that somebody else takes the seat
const shut = () => {
  for (const own of document.querySelectorAll("[data-person]")) {
    const { person } = own.dataset; // empty: the table's
    own.inert = Boolean(person) && person !== globalThis.gboSeat;
  }
};
const newId = (start) => `${start}-${(globalThis.gboCount = (globalThis.gboCount ?? 0) + 1)}`;

