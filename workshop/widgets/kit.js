// What the scripts of this folder share; it stands before each of them.
const make = (tag, { data, aria, ...props } = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  Object.assign(node.dataset, data);
  for (const [key, value] of Object.entries(aria ?? {})) node.setAttribute(`aria-${key}`, value);
  node.append(...children.filter((child) => child != null));
  return node;
};
// to a model, or to the page before anything in it hears; gives what ends it
const listen = (target, handlers) => {
  const add = target.on ? "on" : "addEventListener";
  const remove = target.on ? "off" : "removeEventListener";
  const early = target.on ? [] : [{ capture: true, passive: false }];
  for (const [name, handler] of Object.entries(handlers)) target[add](name, handler, ...early);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) target[remove](name, handler, ...early);
  };
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

