// Where the organisations of a map come to lie. No drawing here, and nothing is left to chance.
const SIGN = 13;
const LINE = 16;
const STEP = 125;
const GAP = 4;
const FRAME = [890, 420]; // what a laptop shows; whoever lays out, the same network lies the same
const REACH = 22;
const ABOVE = SIGN + 3; // its middle
const pen = document.createElement("canvas").getContext("2d");
const average = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// ---- names, and the room that they take

function wrap(name, width) {
  const lines = [""];
  for (let word of name.split(" ").map((part) => [...part])) {
    const last = lines.at(-1);
    if (last && [...last].length + word.length < width) {
      lines[lines.length - 1] = `${last} ${word.join("")}`;
      continue;
    }
    for (; word.length > 23; word = word.slice(width)) {
      lines.push(`${word.slice(0, width).join("")}-`);
    }
    lines.push(word.join(""));
  }
  return lines.filter(Boolean);
}
const shorten = ([first, second, third]) =>
  [first, second, `${[...third].slice(0, 15).join("")}…`];
// the looks that a name can have, the best first; the room that the first one takes
function room(name) {
  pen.font = "14px system-ui, sans-serif";
  const tries = [17, 22, 30].map((width) => wrap(name, width));
  const best = tries.find(({ length }) => length <= 3) ?? shorten(tries[0]);
  const all = [best, wrap(name, 11), wrap(name, 26)].filter(({ length }) => length <= 3);
  const looks = all.map((lines) =>
    ({ lines, text: Math.max(...lines.map((line) => pen.measureText(line).width / 2)) }));
  return { looks, half: Math.max(REACH, looks[0].text), down: SIGN + 6 + LINE * best.length };
}
// The edges of a box that lies somewhere, and the air around it.
function edges({ half, down }, [x, y], scale) {
  const [wide, high, low] = [half, REACH, down].map((size) => (size + GAP / 2) * scale);
  return { left: x - wide, right: x + wide, top: y - high, bottom: y + low };
}
const clash = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// ---- each part by itself

function stepsFrom(start, near) { // to all who can be reached, the nearest first
  const steps = new Map([[start, 0]]);
  for (const [id, far] of steps) {
    for (const other of near[id]) if (!steps.has(other)) steps.set(other, far + 1);
  }
  return steps;
}
function partsOf(ids, near) {
  const seen = new Set();
  const parts = [];
  for (const id of ids) {
    if (seen.has(id)) continue;
    const part = [...stepsFrom(id, near).keys()];
    part.forEach((one) => seen.add(one));
    parts.push(part);
  }
  return parts;
}
// stress majorisation (Gansner e.a. 2004): distance on the map follows the number of steps
function arrange(part, near) {
  const hub = part.reduce((a, b) => (near[b].length > near[a].length ? b : a));
  const ids = [...stepsFrom(hub, near).keys()];
  const size = ids.length;
  const steps = ids.map((id) => {
    const far = stepsFrom(id, near);
    return Uint16Array.from(ids, (other) => far.get(other));
  });
  const xs = Float64Array.from(ids, (_, i) => STEP * Math.cos(2.4 * i) * Math.sqrt(i));
  const ys = Float64Array.from(ids, (_, i) => STEP * Math.sin(2.4 * i) * Math.sqrt(i));
  const rounds = Math.max(8, Math.min(120, 5e6 / size ** 2));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < size; i++) {
      let [x, y, sum] = [0, 0, 0];
      for (let j = 0; j < size; j++) {
        if (i === j) continue;
        const far = STEP * steps[i][j];
        const weight = 1 / (far * far);
        const dx = xs[i] - xs[j];
        const dy = ys[i] - ys[j];
        const pull = far / (Math.sqrt(dx * dx + dy * dy) || 1);
        x += weight * (xs[j] + dx * pull);
        y += weight * (ys[j] + dy * pull);
        sum += weight;
      }
      if (sum) [xs[i], ys[i]] = [x / sum, y / sum];
    }
  }
  return Object.fromEntries(flat(xs, ys).map((place, i) => [ids[i], place]));
}
function flat(xs, ys) { // turned so that the longest side lies flat
  const [mx, my] = [average(xs), average(ys)];
  const at = Array.from(xs, (x, i) => [x - mx, ys[i] - my]);
  const both = average(at.map(([x, y]) => x * y));
  const more = average(at.map(([x, y]) => x * x - y * y));
  const turn = Math.atan2(2 * both, more) / 2;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return at.map(([x, y]) => [x * cos + y * sin, y * cos - x * sin]);
}
// Push boxes apart until none overlap, within a frame; where that does not end, it grows.
function spread(spots, boxes, frame) {
  const all = Object.keys(spots).map((id) => {
    const { half, down } = boxes[id];
    return { spot: spots[id], half, high: (down + ABOVE) / 2, middle: (down - ABOVE) / 2 };
  });
  const top = (one) => one.spot[1] + one.middle - one.high;
  const keep = ({ spot, half, high, middle }) => {
    const room = [half, high];
    [0, middle].forEach((off, axis) => {
      const [least, most] = [room[axis] - off, frame[axis] - room[axis] - off];
      spot[axis] = Math.max(least, Math.min(most, spot[axis]));
    });
  };
  for (let tries = 0; tries < 30; tries++) {
    for (let round = 0; round < 60; round++) {
      all.sort((a, b) => top(a) - top(b));
      const moved = pushApart(all, top);
      all.forEach(keep);
      if (!moved) return;
    }
    frame = frame.map((size) => size * 1.04);
    for (const { spot } of all) spot.forEach((value, axis) => { spot[axis] = value * 1.04; });
  }
}
function pushApart(all, top) { // sorted from the top; whether any had to move
  let moved = false;
  all.forEach((one, i) => {
    for (let j = i + 1; j < all.length; j++) {
      const other = all[j];
      if (top(other) > top(one) + 2 * one.high + 3 * GAP) break;
      const [p, q] = [one.spot, other.spot];
      const x = one.half + other.half + GAP - Math.abs(p[0] - q[0]);
      const apart = Math.abs(p[1] + one.middle - q[1] - other.middle);
      const y = one.high + other.high + GAP - apart;
      if (x <= 0.5 || y <= 0.5) continue;
      moved = true;
      const axis = x < y ? 0 : 1;
      const push = ((axis ? y : x) / 2 + 0.5) * (p[axis] <= q[axis] ? -1 : 1);
      p[axis] += push;
      q[axis] -= push;
    }
  });
  return moved;
}
function layPart(part, near) {
  const spots = part.length > 1 ? arrange(part, near) : { [part[0]]: [0, 0] };
  const [xs, ys] = [0, 1].map((axis) => Object.values(spots).map((spot) => spot[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left + STEP, Math.max(...ys) - top + STEP];
  return { spots, ids: part, left, top, wide, high };
}

// ---- all parts together: each at the first corner from the top where it fits, the largest first;
// those without ties in rows of their own, below

function pack(parts, width) {
  const placed = [];
  const free = (x, y, { wide, high }) => x + wide <= width && !placed.some((one) =>
    x < one.x + one.wide && one.x < x + wide && y < one.y + one.high && one.y < y + high);
  const ends = (at, size) => [...new Set([0, ...placed.map((one) => one[at] + one[size])])];
  let floor = 0;
  let row = null;
  for (const part of parts) {
    let [x, y] = [0, 0];
    if (part.ids.length > 1) {
      const across = ends("x", "wide").sort((a, b) => a - b);
      const down = ends("y", "high").sort((a, b) => a - b);
      y = down.find((top) => across.some((left) => free(left, top, part))) ?? down.at(-1);
      x = across.find((left) => free(left, y, part)) ?? 0;
      floor = Math.max(floor, y + part.high);
    } else {
      row ??= { x: 0, y: floor, high: 0 };
      if (row.x + part.wide > width) row = { x: 0, y: row.y + row.high, high: 0 };
      [x, y] = [row.x, row.y];
      row.x += part.wide;
      row.high = Math.max(row.high, part.high);
    }
    placed.push({ x, y, wide: part.wide, high: part.high });
  }
  return placed;
}
function layOut(ids, near, boxes) {
  const [across, down] = FRAME;
  const ratio = across / down;
  const parts = partsOf(ids, near).map((part) => layPart(part, near));
  parts.sort((a, b) => b.ids.length - a.ids.length);
  const side = Math.sqrt(ratio * parts.reduce((sum, { wide, high }) => sum + wide * high, 0));
  const size = (placed) => Math.max(...placed.map(({ x, y, wide, high }) =>
    Math.max((x + wide) / ratio, y + high)));
  const widest = Math.max(...parts.map(({ wide }) => wide));
  const tries = [1, 1.15, 1.3, 1.5].map((more) => pack(parts, Math.max(widest, side * more)));
  const best = tries.reduce((a, b) => (size(b) < size(a) ? b : a));
  const done = {};
  parts.forEach((part, i) => {
    const [dx, dy] = [best[i].x - part.left, best[i].y - part.top];
    for (const id of part.ids) done[id] = [part.spots[id][0] + dx, part.spots[id][1] + dy];
  });
  const needed = ids.reduce((sum, id) =>
    sum + (2 * boxes[id].half + GAP) * (boxes[id].down + ABOVE + GAP), 0);
  const grow = Math.sqrt(Math.max(1, needed / (across * down)));
  const frame = [across * grow, down * grow];
  even(done, frame);
  spread(done, boxes, frame);
  return done;
}
// over the whole frame: halfway between where they lie and steps of one length
function even(spots, frame) {
  for (const axis of [0, 1]) {
    const order = Object.values(spots).sort((a, b) => a[axis] - b[axis]);
    const [first, last] = [order[0][axis], order.at(-1)[axis]];
    order.forEach((spot, i) => {
      const place = last > first ? (spot[axis] - first) / (last - first) : 0.5;
      spot[axis] = frame[axis] * (0.5 * place + 0.5 * (i + 0.5) / order.length);
    });
  }
}
// the largest scale at which places, each with room before and after it, fit in so many pixels;
// and where these begin
function fitLine(ends, before, pixels, most) {
  if (!ends.length) return [1, 0];
  const first = Math.min(...ends.map(([place]) => place));
  const fits = ends.filter(([place]) => place > first)
    .map(([place, after]) => (pixels - before - after) / (place - first));
  const scale = Math.max(0.001, Math.min(most, ...fits));
  const start = first * scale - before;
  const end = Math.max(...ends.map(([place, after]) => place * scale + after));
  return [scale, (start + end - pixels) / 2];
}
// the free spot nearest to where somebody belongs
function freeSpot(box, want, taken, scale) {
  for (let ring = 0; ring < 60; ring++) {
    const around = Math.max(1, 6 * ring);
    for (let k = 0; k < around; k++) {
      const turn = (2 * Math.PI * k) / around;
      const x = want[0] + 42 * scale * ring * Math.cos(turn);
      const spot = [x, want[1] + 30 * scale * ring * Math.sin(turn)];
      const here = edges(box, spot, scale);
      if (!taken.some((other) => clash(here, other))) return spot;
    }
  }
  return want;
}

