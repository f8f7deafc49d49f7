// What the scripts of this folder share; it stands before each of them.
const make = (tag, { data, aria, ...props } = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  Object.assign(node.dataset, data);
  for (const [key, value] of Object.entries(aria ?? {})) node.setAttribute(`aria-${key}`, value);
  node.append(...children.filter((child) => child != null));
  return node;
};
const listen = (target, handlers) => { // to a model, or to the page before anything in it hears; gives what ends it
  const [on, off] = target.on ? ["on", "off"] : ["addEventListener", "removeEventListener"];
  const all = (act) => Object.entries(handlers).forEach(([name, handler]) => target[act](name, handler, ...(target.on ? [] : [{ capture: true, passive: false }])));
  all(on);
  return () => all(off);
};
// Drafts in the browser; where its storage is off, answers still go to the kernel.
const read = (key) => { try { return JSON.parse(localStorage.getItem(`gbo:${key}`)); } catch { return null; } };
const write = (key, draft) => {
  try { if (draft) localStorage.setItem(`gbo:${key}`, JSON.stringify(draft)); else localStorage.removeItem(`gbo:${key}`); } catch { /* storage is off */ }
};
let count = 0;

