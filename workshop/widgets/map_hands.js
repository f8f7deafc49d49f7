// What a person does on the map: by mouse and finger, and by keys alone.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class MapPointer {
  constructor(map) {
    this.map = map;
    this.press = null;
    const { svg } = map;
    svg.onpointerdown = (event) => this.down(event);
    svg.onpointermove = (event) => this.move(event);
    svg.onpointerup = (event) => this.up(event);
    svg.onpointercancel = () => this.cancel();
    svg.onpointerleave = () => this.point(null);
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      map.drawing.zoom(event.deltaY > 0 ? 1 / 1.15 : 1.15, map.drawing.pointed(event));
    }, { passive: false });
  }

  cancel() {
    const { map } = this;
    map.mine.delete(this.press?.id);
    this.press = null;
    map.drawing.layer.over.replaceChildren();
    map.drawing.draw();
  }
  // what is held, unless another page took it away meanwhile
  held() {
    const id = this.press?.id;
    if (id && !this.map.orgs.has(id)) this.cancel();
    return this.press;
  }
  hit(target, where) {
    const name = target?.closest?.(".gbo-map-node, .gbo-map-name");
    return this.map.drawing.nodeAt(where) ?? name?.dataset.id ?? null;
  }
  down(event) {
    if (event.button || this.press) return;
    const { drawing } = this.map;
    const { clientX: x, clientY: y, pointerId: pointer } = event;
    const handle = event.target.closest(".gbo-map-handle");
    const id = handle?.dataset.id ?? this.hit(event.target, drawing.pointed(event));
    const slack = event.pointerType === "mouse" ? 4 : 9;
    // on the paper, which may scroll away or change its scale under the pointer
    const from = drawing.toPlace(drawing.pointed(event));
    const began = { from, spot: id && this.map.spot(id), corner: drawing.at };
    this.press = { id, x, y, pointer, slack, ties: Boolean(handle), ...began };
    this.map.svg.setPointerCapture(pointer);
  }
  point(id) {
    const { drawing } = this.map;
    if (id === drawing.hover) return;
    drawing.hover = id;
    drawing.paint();
  }
  move(event) {
    const { map } = this;
    const press = this.held();
    const where = map.drawing.pointed(event);
    if (!press) {
      const mouse = event.pointerType === "mouse";
      if (event.target.closest?.(".gbo-map-handle")) return;
      const id = mouse ? this.hit(event.target, where) : null;
      this.point(id);
      const tie = mouse && !id && map.drawing.tieAt(where);
      map.svg.classList.toggle("gbo-map-on-tie", Boolean(tie));
      return;
    }
    if (event.pointerId !== press.pointer) return;
    const [dx, dy] = [event.clientX - press.x, event.clientY - press.y];
    press.moved ||= Math.hypot(dx, dy) > press.slack;
    if (press.moved) this.drag(where, dx, dy);
  }
  drag(where, dx, dy) {
    const { map } = this;
    const { id, spot, from, corner, ties } = this.press;
    const { drawing } = map;
    if (!id) {
      drawing.look([corner[0] - dx, corner[1] - dy], false);
    } else if (ties) {
      drawing.layer.over.replaceChildren(shape("path", { d: `M${drawing.drawn(id)}L${where}` }));
    } else {
      const to = drawing.toPlace(where);
      map.mine.set(id, { spot: spot.map((value, axis) => value + to[axis] - from[axis]) });
      drawing.draw();
    }
  }
  up(event) {
    const { map } = this;
    const press = this.held();
    if (!press || event.pointerId !== press.pointer) return;
    this.press = null;
    const { id, moved, ties } = press;
    const where = map.drawing.pointed(event);
    const under = map.drawing.nodeAt(where, map.ids.filter((other) => other !== id));
    if (ties && !moved) map.pick(id);
    else if (!moved) this.click(id, where);
    else if (ties) this.drop(id, event, where);
    else if (id && under && !map.over) map.offer(id, under);
    else if (id) {
      map.current = id;
      map.put({ [id]: map.spot(id) });
    }
  }
  drop(id, event, where) {
    this.map.drawing.layer.over.replaceChildren();
    const target = this.hit(document.elementFromPoint(event.clientX, event.clientY), where);
    if (target && target !== id) this.map.tieUp(id, target);
  }
  click(id, where) {
    const { map } = this;
    const tie = id ? null : map.drawing.tieAt(where);
    if (id) {
      map.press(id);
      map.focusOn(id);
    } else if (tie) {
      map.choose(null, tie);
      map.focusOn(map.ties.get(tie).source);
    } else if (map.picked || map.tie || map.entry.at) map.letGo();
    else if (map.over) map.status(map.words.readonly);
    else map.entry.open(where);
  }
}

class MapKeys {
  constructor(map) {
    this.map = map;
    map.svg.onkeydown = (event) => {
      if (this.key(event)) event.preventDefault();
    };
    map.root.onkeydown = (event) => event.stopPropagation();
    map.svg.addEventListener("focusin", (event) => {
      const id = event.target.closest(".gbo-map-node")?.dataset.id;
      if (!id || id === map.current) return;
      map.current = id;
      map.drawing.paint();
    });
  }

  key({ key, repeat, ctrlKey, metaKey, altKey, shiftKey, target }) { // whether it did something
    const { map } = this;
    const id = target.closest?.(".gbo-map-node")?.dataset.id;
    const letter = key.toLowerCase();
    if (ctrlKey || metaKey) {
      if (!id || letter !== "z" && letter !== "y") return false;
      map.travel(letter === "y" || shiftKey ? "redo" : "undo");
      return true;
    }
    if (altKey) return false;
    if (ARROWS[key] && id) {
      if (shiftKey) this.move(id, ARROWS[key]);
      else this.walk(id, ARROWS[key]);
    } else if ((key === "Enter" || key === " ") && id) map.press(id);
    else if (key === "Escape") map.letGo();
    else if (key === "F2" && id) {
      map.pick(id);
      const name = map.panels.el.querySelector("[data-field=name]");
      name?.focus();
      name?.select();
    } else if ((key === "Delete" || key === "Backspace") && (map.tie || id)) {
      if (repeat || map.going()) map.status(map.words.busy);
      else if (map.tie) map.removeTie();
      else map.remove(id);
    } else return false;
    return true;
  }
  move(id, [dx, dy]) {
    const { map } = this;
    const [x, y] = map.drawing.drawn(id);
    const place = `map/${id}`; // steps in a row are one
    const spot = map.drawing.toPlace([x + 20 * dx, y + 20 * dy]);
    if (this.moving && this.moving !== place) outbox.release(this.moving);
    this.moving = place;
    map.put({ [id]: spot }, { place, hold: true });
    clearTimeout(this.steps);
    this.steps = setTimeout(() => outbox.release(place), 300);
  }
  walk(id, [ax, ay]) { // to the nearest one in that direction
    const { map } = this;
    const [x, y] = map.drawing.drawn(id);
    const ahead = map.ids.filter((other) => {
      const [px, py] = map.drawing.drawn(other);
      return (px - x) * ax + (py - y) * ay > 1;
    });
    const far = (dx, dy) => Math.abs(dx * ax + dy * ay) + 2.5 * Math.abs(dx * ay - dy * ax);
    const next = map.nearest([x, y], ahead, far);
    if (!next) return;
    map.tie = null;
    map.focusOn(next[1]);
    map.drawing.show(next[1]);
    if (!map.picked) map.panels.draw();
  }
}

