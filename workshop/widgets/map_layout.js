// Where the organisations of a map come to lie. No drawing here, and nothing is left to chance.
const SIGN = 13;
const LINE = 16;
const STEP = 125;
const GAP = 10;
const REACH = 22;
const pen = document.createElement("canvas").getContext("2d");
const average = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// ---- names, and the room that they take

function wrap(name, width = 17) {
  const lines = [""];
  for (let word of name.split(" ").map((part) => [...part])) {
    const last = lines.at(-1);
    if (last && [...last].length + word.length < width) {
      lines[lines.length - 1] = `${last} ${word.join("")}`;
      continue;
    }
    for (; word.length > width + 6; word = word.slice(width)) {
      lines.push(`${word.slice(0, width).join("")}-`);
    }
    lines.push(word.join(""));
  }
  const shown = lines.filter(Boolean);
  if (shown.length <= 3) return shown;
  return [...shown.slice(0, 2), `${[...shown[2]].slice(0, width - 2).join("")}…`];
}
function room(name) {
  pen.font = "14px system-ui, sans-serif";
  const lines = wrap(name);
  const half = Math.max(REACH, ...lines.map((line) => pen.measureText(line).width / 2));
  return { lines, half, down: SIGN + 6 + LINE * lines.length };
}
function frame(ids, spots, boxes, scale = 1) {
  const edge = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const id of ids) {
    const [x, y] = spots[id];
    const { half, down } = boxes[id];
    edge.left = Math.min(edge.left, x - half * scale);
    edge.right = Math.max(edge.right, x + half * scale);
    edge.top = Math.min(edge.top, y - REACH);
    edge.bottom = Math.max(edge.bottom, y + down * scale);
  }
  return edge;
}

// The edges of a box that lies somewhere, and the air around it.
function edges({ half, down }, [x, y], scale = 1) {
  const air = (GAP * scale) / 2;
  const [wide, high, low] = [half * scale + air, REACH * scale + air, down * scale + air];
  return { left: x - wide, right: x + wide, top: y - high, bottom: y + low };
}
const clash = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// ---- each part by itself

function walk(start, near, seen = new Set()) { // who can be reached, nearest first
  const queue = [start];
  seen.add(start);
  for (const id of queue) {
    for (const other of near[id]) {
      if (seen.has(other)) continue;
      seen.add(other);
      queue.push(other);
    }
  }
  return queue;
}
function partsOf(ids, near) {
  const seen = new Set();
  const parts = [];
  for (const id of ids) if (!seen.has(id)) parts.push(walk(id, near, seen));
  return parts;
}
function stepsBetween(ids, near) { // a table of n times n
  const number = new Map(ids.map((id, i) => [id, i]));
  const joined = ids.map((id) => near[id].map((other) => number.get(other)));
  const steps = new Uint16Array(ids.length ** 2);
  for (let start = 0; start < ids.length; start++) {
    const row = steps.subarray(start * ids.length, (start + 1) * ids.length);
    const queue = [start];
    for (const i of queue) {
      for (const j of joined[i]) {
        if (j === start || row[j]) continue;
        row[j] = row[i] + 1;
        queue.push(j);
      }
    }
  }
  return steps;
}
// stress majorisation (Gansner e.a. 2004): distance on the map follows the number of steps
function arrange(part, near) {
  const hub = part.reduce((a, b) => (near[b].length > near[a].length ? b : a));
  const ids = walk(hub, near);
  const size = ids.length;
  const steps = stepsBetween(ids, near);
  const xs = Float64Array.from(ids, (_, i) => STEP * Math.cos(2.4 * i) * Math.sqrt(i));
  const ys = Float64Array.from(ids, (_, i) => STEP * Math.sin(2.4 * i) * Math.sqrt(i));
  const rounds = Math.max(8, Math.min(120, 5e6 / size ** 2));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < size; i++) {
      let [x, y, sum] = [0, 0, 0];
      for (let j = 0; j < size; j++) {
        if (i === j) continue;
        const far = STEP * steps[i * size + j];
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
// Push boxes apart until none overlap; where that does not end, give them more room first.
function spread(spots, boxes) {
  const all = Object.keys(spots).map((id) => {
    const { half, down } = boxes[id];
    return { spot: spots[id], half, high: (down + REACH) / 2, middle: (down - REACH) / 2 };
  });
  const top = (one) => one.spot[1] + one.middle - one.high;
  for (let tries = 0; tries < 12; tries++) {
    for (let round = 0; round < 100; round++) {
      all.sort((a, b) => top(a) - top(b));
      if (!pushApart(all, top)) return;
    }
    for (const { spot } of all) {
      spot[0] *= 1.1;
      spot[1] *= 1.1;
    }
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
      if (x <= 0.01 || y <= 0.01) continue;
      moved = true;
      const axis = x < y ? 0 : 1;
      const push = ((axis ? y : x) / 2 + 0.5) * (p[axis] <= q[axis] ? -1 : 1);
      p[axis] += push;
      q[axis] -= push;
    }
  });
  return moved;
}
function layPart(part, near, boxes, ratio) { // as compact as names allow, and as wide as asked
  const spots = part.length > 1 ? arrange(part, near) : { [part[0]]: [0, 0] };
  const places = Object.values(spots);
  const points = Object.fromEntries(part.map((id) => [id, { half: 0, down: 0 }]));
  const bare = frame(part, spots, points);
  const [wide, high] = [bare.right - bare.left, bare.bottom - bare.top];
  const needed = part.map((id) => 2 * boxes[id].half * (boxes[id].down + REACH));
  const area = (1.9 + 6 / part.length) * part.length * average(needed);
  const even = Math.sqrt(area / Math.max(wide * high, (wide * wide) / 3, 1));
  const stretch = Math.max(0.75, Math.min(1.3, Math.sqrt((ratio * high) / wide || 1)));
  for (const place of places) {
    place[0] *= even * stretch;
    place[1] *= even / stretch;
  }
  spread(spots, boxes);
  const { left, right, top, bottom } = frame(part, spots, boxes);
  return { spots, ids: part, left, top, wide: right - left + 30, high: bottom - top + 30 };
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
function layOut(ids, near, boxes, ratio) {
  const parts = partsOf(ids, near).map((part) => layPart(part, near, boxes, ratio));
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
  return done;
}
// the free spot nearest to where somebody belongs
function freeSpot(box, want, taken) {
  for (let ring = 0; ring < 60; ring++) {
    const around = Math.max(1, 6 * ring);
    for (let k = 0; k < around; k++) {
      const turn = (2 * Math.PI * k) / around;
      const x = want[0] + 42 * ring * Math.cos(turn);
      const spot = [x, want[1] + 30 * ring * Math.sin(turn)];
      const here = edges(box, spot);
      if (!taken.some((other) => clash(here, other))) return spot;
    }
  }
  return want;
}

