'use strict';
// The learner walks a graph of all states that was computed before; nothing here knows what a lock is.
const lesson = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
const make = (tag, className, text) => { const e = document.createElement(tag); if (className) e.className = className; if (text !== undefined) e.textContent = text; return e; };
let program, path, playing; // path: [{move, from}], a move is [participant, isKill, next node, text]

const here = () => path.length ? path[path.length - 1].move[2] : 0;
const node = () => program.nodes[here()];

function open(index) {
  program = lesson.programs[index];
  path = [];
  stop();
  [0, 1].forEach(i => $('tab' + i).setAttribute('aria-selected', i === index));
  $('code').textContent = program.code;
  $('play').disabled = !program.smallest;
  show();
}

function stop() { clearTimeout(playing); playing = undefined; $('play').textContent = 'Play the smallest failing schedule'; }
function take(move) { stop(); push(move); }
function push(move) { path.push({ move, from: here() }); show(); }
function undo() { stop(); path.pop(); show(); }
function restart() { stop(); path = []; show(); }

// One step at a time, so that the learner can follow; a click stops it, and every other choice does.
function play(pause) {
  if (playing) { stop(); return; }
  restart();
  const left = [...program.smallest];
  const next = () => {
    const [who, kill] = left.shift();
    push(node().m.find(m => m[0] === who && m[1] === kill));
    if (!left.length) stop();
    else if (pause) playing = setTimeout(next, pause);
    else next();
  };
  next();
  if (playing) $('play').textContent = 'Stop';
}

function show() {
  const now = node();
  $('undo').disabled = $('restart').disabled = path.length === 0;
  const verdict = $('verdict');
  verdict.className = now.f ? 'bad' : now.e ? 'good' : '';
  verdict.textContent = now.f ? now.f
    : now.e ? 'Everybody has ended, and nothing is wrong. ' + (program.name === 'broken' ? 'Can you find an order that fails?' : 'Can you still make it fail?')
    : path.length ? 'Who goes on?' : 'Nobody has started. Who goes first?';
  showSize(now);
  showActors(now);
  showTrace();
  showState(now);
  showGraph(now);
}

// Whom the last choice interrupted: somebody else who could have gone on, and did not offer to step aside; -1 for nobody.
function interrupted(n) {
  const { move, from } = path[n], before = path.slice(0, n).findLast(p => !p.move[1]);
  if (!before || move[1]) return -1;
  const who = before.move[0], there = program.nodes[from];
  const gone = path.slice(path.indexOf(before), n).some(p => p.move[1] && p.move[0] === who);
  return who === move[0] || gone || there.p[who] === 'yield' || !there.m.some(m => m[0] === who && !m[1]) ? -1 : who;
}

function showSize(now) {
  const count = (n, one, many) => n + ' ' + (n === 1 ? one : many);
  const kills = path.filter(p => p.move[1]).length, cuts = path.filter((_, n) => interrupted(n) >= 0).length;
  $('size').textContent = !now.f ? '' : 'This order has ' + (kills ? count(kills, 'crash', 'crashes') + ' and ' : '') + count(cuts, 'preemption', 'preemptions') + '.'
    + (program.smallest ? ' The smallest that fails has ' + lesson.cost + ' (' + lesson.certificate + ').' : '');
}

function showActors(now) {
  $('actors').replaceChildren(...program.participants.map((name, i) => {
    const run = now.m.find(m => m[0] === i && !m[1]), kill = now.m.find(m => m[0] === i && m[1]);
    const waits = (now.w || []).find(w => w[0] === i);
    const last = path.findLast(p => p.move[0] === i), killed = last && last.move[1];
    const card = make('div', 'actor' + (waits ? ' waits' : ''));
    const head = make('header');
    head.append(make('span', '', name), make('span', 'what', now.p[i] === null ? (killed ? 'killed' : 'ended') : waits ? 'waits for ' + waits[1] : run ? 'can run' : now.f ? 'stopped' : 'sleeps'));
    const button = make('button', 'run', now.p[i] === null ? '\u2014' : (i + 1) + '  ' + now.p[i]);
    button.disabled = !run;
    button.onclick = () => take(run);
    card.append(head, button);
    if (kill) { const k = make('button', 'kill', 'Kill it here'); k.onclick = () => take(kill); card.append(k); }
    return card;
  }));
}

function showTrace() {
  const head = make('tr');
  head.append(make('th', '', ''), ...program.participants.map(name => make('th', '', name)));
  const rows = [head];
  path.forEach(({ move }, n) => {
    if (interrupted(n) >= 0) rows.push(row('cut', '', interrupted(n), 'preempted'));
    rows.push(row(n === path.length - 1 ? 'new' : '', n, move[0], move[3], move[1] ? 'killed' : ''));
  });
  if (!path.length) { const r = make('tr'), c = make('td', 'n', 'nothing yet'); c.colSpan = program.participants.length + 1; r.append(c); rows.push(r); }
  $('trace').replaceChildren(...rows);
}

function row(className, number, who, text, cellClass) {
  const r = make('tr', className);
  r.append(make('td', 'n', number), ...program.participants.map((_, i) => make('td', i === who ? cellClass : '', i === who ? text : '')));
  return r;
}

function showState(now) {
  const before = path.length ? program.nodes[path[path.length - 1].from].s : now.s;
  $('state').replaceChildren(...program.resources.map((name, i) => {
    const r = make('tr');
    r.append(make('td', '', name), make('td', now.s[i] !== before[i] ? 'changed' : '', now.s[i]));
    return r;
  }));
}

function showGraph(now) {
  const holds = now.h || [], waits = now.w || [];
  const things = [...new Set([...holds.map(h => h[0]), ...waits.map(w => w[1])])];
  if (!things.length) { $('graph').replaceChildren(make('p', 'soft', 'Nobody holds anything, and nobody waits.')); return; }
  // Participants and things alternate on a ring, so that a circular wait looks like one.
  const people = program.participants.map((_, i) => i).filter(i => holds.some(h => h[1].includes(i)) || waits.some(w => w[0] === i));
  const ring = [], left = new Set(things);
  const put = who => { if (ring.includes('p' + who)) return; ring.push('p' + who); const w = waits.find(x => x[0] === who);
    if (!w) return; if (left.delete(w[1])) ring.push('t' + w[1]); const h = holds.find(x => x[0] === w[1]); (h ? h[1] : []).forEach(put); };
  people.forEach(put);
  left.forEach(t => ring.push('t' + t));
  const W = 420, H = ring.length > 6 ? 330 : ring.length > 2 ? 250 : 150, at = {}, size = {};
  const nameOf = key => key[0] === 'p' ? program.participants[+key.slice(1)] : key.slice(1);
  ring.forEach((key, i) => {
    const a = 2 * Math.PI * i / ring.length - Math.PI / 2;
    at[key] = [W / 2 + 145 * Math.cos(a), H / 2 + (H / 2 - 30) * Math.sin(a)];
    size[key] = [Math.max(18, nameOf(key).length * 3.8 + 8), 15];
  });
  const svg = [`<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="wait-for graph"><defs>`,
    ...['hold', 'bad'].map(c => `<marker id="to-${c}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L8 4L0 8z" fill="var(--${c})"/></marker>`), '</defs>'];
  // An arrow runs from box edge to box edge; a little to the side where "holds" and "waits for" between the same two would cover each other.
  const arrow = (from, to, kind, color) => {
    const [x1, y1] = at[from], [x2, y2] = at[to], d = Math.hypot(x2 - x1, y2 - y1) || 1, ux = (x2 - x1) / d, uy = (y2 - y1) / d;
    const out = key => Math.min(size[key][0] / Math.abs(ux || 1e-9), size[key][1] / Math.abs(uy || 1e-9)) + 5;
    const thing = (kind === 'holds' ? from : to).slice(1), who = +(kind === 'holds' ? to : from).slice(1);
    const both = holds.some(h => h[0] === thing && h[1].includes(who)) && waits.some(w => w[0] === who && w[1] === thing);
    const ox = both ? -uy * 5 : 0, oy = both ? ux * 5 : 0;
    svg.push(`<line class="${kind}" x1="${x1 + ux * out(from) + ox}" y1="${y1 + uy * out(from) + oy}" x2="${x2 - ux * out(to) + ox}" y2="${y2 - uy * out(to) + oy}" marker-end="url(#to-${color})"/>`);
  };
  holds.forEach(([t, who]) => [...new Set(who)].forEach(i => arrow('t' + t, 'p' + i, 'holds', 'hold')));
  waits.forEach(([i, t]) => arrow('p' + i, 't' + t, 'wants', 'bad'));
  const esc = s => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  ring.forEach(key => {
    const [x, y] = at[key], [w, h] = size[key];
    svg.push(`<rect class="${key[0] === 'p' ? 'who' : 'thing'}" x="${x - w}" y="${y - h}" width="${2 * w}" height="${2 * h}" rx="${key[0] === 'p' ? 15 : 4}"/><text x="${x}" y="${y + 1}">${esc(nameOf(key))}</text>`);
  });
  $('graph').innerHTML = svg.join('') + '</svg><p class="legend">solid: is held by &nbsp; dashed: waits for</p>';
}

function setUp() {
  $('title').textContent = lesson.id + ' \u00b7 ' + lesson.title;
  for (const key of ['problem', 'question', 'hint', 'fix']) $(key).textContent = lesson[key];
  $('proof').textContent = 'The explorer has ' + lesson.proof + '.';
  $('answers').replaceChildren(...lesson.answers.map((text, i) => {
    const b = make('button', '', String.fromCharCode(97 + i) + ') ' + text);
    b.onclick = () => {
      [...$('answers').children].forEach((other, n) => { other.disabled = true; other.classList.toggle('right', n === lesson.correct); });
      if (i !== lesson.correct) b.classList.add('wrong');
      $('why').textContent = (i === lesson.correct ? 'Right. ' : 'Not so: ' + String.fromCharCode(97 + lesson.correct) + ' is right. ') + lesson.why;
      $('why').hidden = false;
    };
    return b;
  }));
  $('tab0').onclick = () => open(0);
  $('tab1').onclick = () => open(1);
  $('undo').onclick = undo;
  $('restart').onclick = restart;
  $('play').onclick = () => play(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 700);
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const move = node().m.find(m => m[0] === +e.key - 1 && !m[1]);
    if (e.key === 'u' && path.length) undo();
    else if (e.key === 'r') restart();
    else if (move) take(move);
  });
  open(0);
  // page.html#smallest opens with the failing schedule played; page.html#steps=1,2,k1,u takes steps (k kills, u undoes), for links from other pages.
  const hash = decodeURIComponent(location.hash.slice(1));
  if (hash === 'smallest') play(0);
  else if (hash.startsWith('steps=')) for (const s of hash.slice(6).split(',')) {
    if (s === 'u') { undo(); continue; }
    const move = node().m.find(m => m[0] === +s.replace('k', '') - 1 && m[1] === (s[0] === 'k' ? 1 : 0));
    if (move) take(move);
  }
}

setUp();
