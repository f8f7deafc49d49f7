// Where the organisations of a map come to lie. No drawing here, and nothing is left to chance.
const SIGN = 13, LINE = 16, STEP = 125, GAP = 10, REACH = 22;
const pen = document.createElement("canvas").getContext("2d");
const average = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

// ---- names, and the room that they take

function wrap(name, width = 17) {
  const lines = [""];
  for (let word of name.split(" ").map((part) => [...part])) {
    const last = lines.at(-1);
    if (last && [...last].length + word.length < width) { lines[lines.length - 1] = `${last} ${word.join("")}`; continue; }
    for (; word.length > width + 6; word = word.slice(width)) lines.push(`${word.slice(0, width).join("")}-`);
    lines.push(word.join(""));
  }
  const shown = lines.filter(Boolean);
  return shown.length <= 3 ? shown : [...shown.slice(0, 2), `${[...shown[2]].slice(0, width - 2).join("")}…`];
}

function room(name) {
  pen.font = "14px system-ui, sans-serif";
  const lines = wrap(name);
  const half = Math.max(REACH, ...lines.map((line) => pen.measureText(line).width / 2));
  return { lines, half, down: SIGN + 6 + LINE * lines.length };
}

const tall = (box) => box.down + REACH;
const middle = (box) => (box.down - REACH) / 2;
const overlap = (a, p, b, q) => [
  a.half + b.half + GAP - Math.abs(p[0] - q[0]),
  (tall(a) + tall(b)) / 2 + GAP - Math.abs(p[1] + middle(a) - q[1] - middle(b)),
];
const clash = (...two) => overlap(...two).every((much) => much > 0.01);

function frame(ids, spots, boxes) {
  const edge = (most, place) => most(...ids.map(place));
  return {
    left: edge(Math.min, (id) => spots[id][0] - boxes[id].half),
    right: edge(Math.max, (id) => spots[id][0] + boxes[id].half),
    top: edge(Math.min, (id) => spots[id][1] - REACH),
    bottom: edge(Math.max, (id) => spots[id][1] + boxes[id].down),
  };
}

// ---- each part by itself

function walk(start, near) {  // who can be reached, and in how many steps
  const steps = { [start]: 0 }, queue = [start];
  for (const id of queue) for (const other of near[id]) if (!(other in steps)) { steps[other] = steps[id] + 1; queue.push(other); }
  return { queue, steps };
}

function partsOf(ids, near) {
  const seen = new Set();
  return ids.filter((id) => !seen.has(id) && walk(id, near).queue.every((other) => seen.add(other)))
    .map((id) => walk(id, near).queue);
}

// stress majorisation (Gansner e.a. 2004): distance on the map follows the number of steps
function arrange(part, near) {
  const hub = part.reduce((a, b) => (near[b].length > near[a].length ? b : a));
  const ids = walk(hub, near).queue, steps = ids.map((id) => walk(id, near).steps);
  const at = ids.map((_, i) => [i && STEP * Math.cos(2.4 * i) * Math.sqrt(i), i && STEP * Math.sin(2.4 * i) * Math.sqrt(i)]);
  const rounds = Math.max(8, Math.min(120, 4e6 / ids.length ** 2));
  for (let round = 0; round < rounds; round++) for (let i = 0; i < ids.length; i++) {
    let x = 0, y = 0, sum = 0;
    for (let j = 0; j < ids.length; j++) {
      if (i === j) continue;
      const far = STEP * steps[i][ids[j]], weight = far ** -2;
      const dx = at[i][0] - at[j][0], dy = at[i][1] - at[j][1], gap = Math.hypot(dx, dy) || 1;
      x += weight * (at[j][0] + far * dx / gap);
      y += weight * (at[j][1] + far * dy / gap);
      sum += weight;
    }
    if (sum) at[i] = [x / sum, y / sum];
  }
  return Object.fromEntries(flat(at).map((place, i) => [ids[i], place]));
}

function flat(at) {  // turned so that the longest side lies flat
  const [mx, my] = [0, 1].map((axis) => average(at.map((place) => place[axis])));
  const both = average(at.map(([x, y]) => (x - mx) * (y - my)));
  const more = average(at.map(([x, y]) => (x - mx) ** 2 - (y - my) ** 2));
  const turn = Math.atan2(2 * both, more) / 2, [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return at.map(([x, y]) => [x * cos + y * sin, y * cos - x * sin]);
}

// push boxes apart until none overlap; where that does not end, give them more room first
function spread(spots, boxes) {
  const ids = Object.keys(spots), rounds = Math.max(10, Math.min(150, 6e6 / ids.length ** 2));
  for (let tries = 0; tries < 12; tries++) {
    for (let round = 0; round < rounds; round++) {
      let moved = false;
      for (let i = 0; i < ids.length; i++) for (let j = i + 1; j < ids.length; j++) {
        const p = spots[ids[i]], q = spots[ids[j]], [x, y] = overlap(boxes[ids[i]], p, boxes[ids[j]], q);
        if (x <= 0.01 || y <= 0.01) continue;
        moved = true;
        const axis = x < y ? 0 : 1, push = ((axis ? y : x) / 2 + 0.5) * (p[axis] <= q[axis] ? -1 : 1);
        p[axis] += push; q[axis] -= push;
      }
      if (!moved) return;
    }
    for (const id of ids) spots[id] = spots[id].map((value) => value * 1.1);
  }
}

function layPart(part, near, boxes, ratio) {  // as compact as the names allow, and as wide as the frame asks
  const bare = Object.fromEntries(part.map((id) => [id, { half: 0, down: 0 }]));
  const spots = part.length > 1 ? arrange(part, near) : { [part[0]]: [0, 0] };
  const edge = frame(part, spots, bare), wide = edge.right - edge.left, high = edge.bottom - edge.top;
  const area = (1.9 + 6 / part.length) * part.reduce((sum, id) => sum + 2 * boxes[id].half * tall(boxes[id]), 0);
  const even = Math.sqrt(area / Math.max(wide * high, wide * wide / 3, 1));
  const stretch = Math.max(0.75, Math.min(1.3, Math.sqrt((ratio * high) / wide || 1)));
  for (const id of part) spots[id] = [spots[id][0] * even * stretch, (spots[id][1] * even) / stretch];
  spread(spots, boxes);
  const { left, right, top, bottom } = frame(part, spots, boxes);
  return { spots, ids: part, left, top, wide: right - left + 30, high: bottom - top + 30 };
}

// ---- all parts together: each in the first gap from the top; those without ties in rows of their own, below

function pack(parts, width) {
  const placed = [];
  let floor = 0;
  for (const { ids, wide, high } of parts) {
    if (ids.length === 1) floor ||= Math.max(0, ...placed.map((one) => one.y + one.high));
    const taken = (x, y) => placed.some((one) => x < one.x + one.wide && one.x < x + wide && y < one.y + one.high && one.y < y + high);
    let x = 0, y = floor;
    while (taken(x, y)) { x += 15; if (x + wide > width) { x = 0; y += 15; } }
    placed.push({ x, y, wide, high });
  }
  return placed;
}

function layOut(ids, near, boxes, ratio) {
  const parts = partsOf(ids, near).map((part) => layPart(part, near, boxes, ratio)).sort((a, b) => b.ids.length - a.ids.length);
  const side = Math.sqrt(ratio * parts.reduce((sum, { wide, high }) => sum + wide * high, 0));
  const tries = [1, 1.25, 1.5, 1.8, 2.2].map((more) => pack(parts, Math.max(parts[0].wide, side * more)));
  const size = (placed) => Math.max(...placed.map((one) => Math.max((one.x + one.wide) / ratio, one.y + one.high)));
  const best = tries.reduce((a, b) => (size(b) < size(a) ? b : a)), done = {};
  parts.forEach((part, i) => {
    for (const id of part.ids) done[id] = [part.spots[id][0] - part.left + best[i].x, part.spots[id][1] - part.top + best[i].y];
  });
  return done;
}

// the free spot nearest to where somebody belongs
function freeSpot(box, want, taken) {
  for (let ring = 0; ring < 60; ring++) for (let k = 0; k < Math.max(1, 6 * ring); k++) {
    const turn = (2 * Math.PI * k) / Math.max(1, 6 * ring);
    const spot = [want[0] + 42 * ring * Math.cos(turn), want[1] + 30 * ring * Math.sin(turn)];
    if (!taken.some(([other, place]) => clash(box, spot, other, place))) return spot;
  }
  return want;
}
