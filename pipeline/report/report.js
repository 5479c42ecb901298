// The report's behaviour: unpacks the data, draws the sections, filters, and shows one article in a panel.
// Foreign text reaches the page through textContent only; nothing is ever parsed as HTML.
"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const ROW = 30; // height of a row of the records table in pixels, as in report.css
  const MOST = 25; // outlets whose rows are shown at once
  const MAX_BINS = 370; // bars of a chart; beyond that weeks, then months are drawn

  // ---- data ----

  async function unpack(text) {
    const binary = atob(text);
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }
  const D = await unpack($("data").textContent);
  const C = D.cols, N = C.id.length, T = D.t;
  const blocks = [...document.getElementsByClassName("texts")];
  const unpacked = new Map(); // block number -> its texts
  const BLOCK = 100;
  const start = D.start ? Date.parse(D.start) : 0;

  const fill = (text, ...values) => values.reduce((out, value) => out.replace("{}", () => value), text);
  const number = (n) => n.toLocaleString("en");
  const dayText = (day) => (day < 0 ? "" : new Date(start + day * 864e5).toISOString().slice(0, 10));
  const dayNumber = (text) => Math.round((Date.parse(text) - start) / 864e5);
  const two = (n) => String(n).padStart(2, "0");
  const whenText = (i) => dayText(C.day[i]) + (C.min[i] < 0 ? "" : ` ${two(Math.floor(C.min[i] / 60))}:${two(C.min[i] % 60)}`);
  const titleOf = (i) => C.title[i] || T.untitled;

  // ---- building elements ----

  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return made;
  }
  function svg(tag, attributes, ...children) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }
  const bdi = (text) => el("bdi", null, text);
  function link(url, text) {
    return /^https?:\/\//i.test(url || "") ? el("a", { href: url, rel: "noopener noreferrer nofollow", target: "_blank" }, bdi(text)) : bdi(text);
  }
  function table(heads, rows, right = []) {
    // Roles are written out: on narrow screens cells stand below one another, and a table drawn as blocks loses its own.
    const cell = (tag, value, n) => el(tag, { class: right.includes(n) ? "n" : n === 0 ? "k" : null, role: tag === "th" ? "columnheader" : "cell", "data-head": tag === "td" ? heads[n] : null }, value);
    return el("div", { class: "wide", role: "region", tabindex: "0", "aria-label": heads.join(", ") }, el("table", { role: "table" },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads.map((head, n) => cell("th", head, n)))),
      el("tbody", { role: "rowgroup" }, rows.map((row) => el("tr", { role: "row" }, row.map((value, n) => cell("td", value, n)))))));
  }
  function put(id, ...children) { $(id).replaceChildren(...children.flat().filter(Boolean)); }

  // ---- charts ----

  // A few old stories among new ones would make a bar of each month: where they do, charts begin at the day before which
  // one record of a hundred lies, and a line says how many are left out.
  const begin = D.days > MAX_BINS ? C.day.filter((day) => day >= 0).sort((a, b) => a - b)[Math.floor(N / 100)] || 0 : 0;
  const span = D.days - begin;
  const bin = span > MAX_BINS * 7 ? 30 : span > MAX_BINS ? 7 : 1;
  const bins = Math.max(1, Math.ceil(span / bin));
  function histogram(rows) {
    const counts = new Array(bins).fill(0);
    for (const i of rows) if (C.day[i] >= begin) counts[Math.floor((C.day[i] - begin) / bin)]++;
    return counts;
  }
  const width = Math.max(280, document.querySelector("main").clientWidth); // of a chart, in its own units: text keeps its size
  function bars(counts, { height = 120, label, click, gaps = true, axis = true }) {
    const step = width / counts.length, most = Math.max(1, ...counts);
    const made = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height + (axis ? 18 : 2)}`, role: "img", "aria-label": label });
    counts.forEach((count, n) => {
      const tall = (count / most) * (height - 14);
      const empty = count === 0 && gaps;
      const bar = svg("rect", {
        class: empty ? "gap" : "bar", x: (n * step + step * 0.08).toFixed(1), width: Math.max(0.5, step * 0.84).toFixed(1),
        y: (empty ? height - 5 : height - tall).toFixed(1), height: (empty ? 4 : tall).toFixed(1),
      }, svg("title", {}, document.createTextNode(`${dayText(begin + n * bin)}: ${number(count)}`)));
      if (click && count) { bar.classList.add("on"); bar.addEventListener("click", () => click(n)); }
      made.append(bar);
    });
    made.append(svg("line", { x1: 0, x2: width, y1: height, y2: height }));
    if (axis) {
      made.append(svg("text", { x: 0, y: 11 }, document.createTextNode(number(most))));
      made.append(svg("text", { x: 0, y: height + 14 }, document.createTextNode(dayText(begin))));
      made.append(svg("text", { x: width, y: height + 14, "text-anchor": "end" }, document.createTextNode(dayText(D.days - 1))));
    }
    return made;
  }

  // ---- selection ----

  const haystack = new Array(N); // lower-cased title and source, made when first searched
  let selected = [];
  function select() {
    const from = $("from").value ? dayNumber($("from").value) : -Infinity;
    const to = $("to").value ? dayNumber($("to").value) : Infinity;
    const dated = $("from").value || $("to").value;
    const wants = (id) => ($(id).value === "" ? -1 : Number($(id).value));
    const source = wants("source"), language = wants("language"), topic = wants("topic");
    selected = [];
    for (let i = 0; i < N; i++) {
      if (dated && (C.day[i] < 0 || C.day[i] < from || C.day[i] > to)) continue;
      if (source >= 0 && C.src[i] !== source) continue;
      if (language >= 0 && C.lang[i] !== language) continue;
      if (topic >= 0 && !C.top[i].includes(topic)) continue;
      selected.push(i);
    }
    $("count").textContent = fill(T.shown, number(selected.length), number(N));
  }
  function count(lists, rows, limit) {
    const counts = new Map();
    for (const i of rows) for (const n of lists[i]) counts.set(n, (counts.get(n) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit);
  }

  // ---- sections ----

  function overview() {
    const sums = [1, 2, 3, 4, 5].map((n) => D.batches.reduce((sum, batch) => sum + batch[n], 0));
    const tiles = el("ul", { class: "tiles" }, Object.values(T.tiles).map((name, n) => el("li", null, el("b", null, number(sums[n])), name)));
    const undated = selected.reduce((sum, i) => sum + (C.day[i] < 0), 0);
    const earlier = selected.reduce((sum, i) => sum + (C.day[i] >= 0 && C.day[i] < begin), 0);
    put("overview-body", tiles, el("p", { class: "soft" }, T.tilesNote),
      el("h3", null, T.perDay),
      D.days ? bars(histogram(selected), { label: T.perDay, click: (n) => { $("from").value = dayText(begin + n * bin); $("to").value = dayText(begin + n * bin + bin - 1); update(); } }) : null,
      earlier ? el("p", { class: "soft" }, fill(T.earlier, number(earlier), dayText(begin))) : null,
      undated ? el("p", { class: "soft" }, `${T.undated}: ${number(undated)}`) : null,
      el("details", null, el("summary", null, T.perBatch),
        table(T.batchHead, D.batches.slice().reverse().map((batch) => batch.map((value, n) => (n ? number(value) : bdi(value)))), [1, 2, 3, 4, 5])));
  }

  // Times of versions are told in UTC, as everywhere in the report; one without an offset counts as UTC.
  const moment = (when) => Date.parse(when.length > 10 && !/(Z|[+-]\d\d:\d\d)$/.test(when) ? `${when}Z` : when);
  const versionTime = (when) => (when.length > 10 ? new Date(moment(when)).toISOString().slice(0, 16).replace("T", " ") : when);
  function after(first, when) {
    const minutes = first.length > 10 && when.length > 10 ? Math.round((moment(when) - moment(first)) / 6e4) : NaN;
    if (Number.isNaN(minutes)) {
      const days = Math.round((Date.parse(versionTime(when).slice(0, 10)) - Date.parse(versionTime(first).slice(0, 10))) / 864e5);
      return days ? fill(T.daysAfter, days) : T.sameDay;
    }
    if (minutes < 120) return fill(T.minutes, number(minutes));
    return minutes < 72 * 60 ? fill(T.hours, number(Math.round(minutes / 60))) : fill(T.daysAfter, number(Math.round(minutes / 1440)));
  }
  function timeline(versions) {
    const dated = versions.filter((v) => v.when);
    if (dated.length < 2) return null;
    const times = dated.map((v) => moment(v.when)), ends = dated.map((v, n) => times[n] + (v.when.length > 10 ? 0 : 864e5)); // a bare day is all of it
    const least = Math.min(...times), range = Math.max(1, Math.max(...ends) - least);
    const height = dated.length * 18 + 4;
    const made = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": dated.map((v) => `${v.source} ${v.when}`).join(", ") });
    dated.forEach((v, n) => {
      const left = Math.min(230, width * 0.45), room = (width - left - 20) / range, x = left + (times[n] - least) * room, y = n * 18 + 10;
      made.append(svg("line", { x1: left, x2: width, y1: y, y2: y }), svg("rect", { class: v.when.length > 10 ? "bar" : "bar day", x: x - 5, y: y - 5, width: 10 + (ends[n] - times[n]) * room, height: 10 }));
      made.append(svg("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, document.createTextNode(v.source.slice(0, left / 7))));
    });
    return made;
  }
  function versionsOf(story) {
    const first = story.versions.find((v) => v.when);
    const rows = story.versions.map((v) => [
      v.when ? versionTime(v.when) : "", v.when && first && v !== first ? after(first.when, v.when) : "", bdi(v.source),
      T.relation[v.relation] || v.relation, v.containment === null ? "" : `${Math.round(v.containment * 100)}%`, link(v.url, v.title),
    ]);
    const other = story.versions.findIndex((v, k) => k && v.relation !== "exact" && v.relation !== "first"); // the same text has no differences
    const choose = (n, label) => el("select", { "aria-label": label }, story.versions.map((v, k) => el("option", { value: k, selected: k === n }, `${v.source}: ${v.title}`.slice(0, 90))));
    const left = choose(0, T.compare), right = choose(Math.max(1, other), T.with), out = el("div", null);
    const compare = () => out.replaceChildren(...difference(story.versions[left.value], story.versions[right.value]));
    return [timeline(story.versions), table(T.storyHead, rows, [1, 4]),
      story.size > story.versions.length ? el("p", { class: "soft" }, fill(T.more, number(story.size - story.versions.length))) : null,
      story.versions.length > 1 ? el("p", null, left, ` ${T.with} `, right, " ", el("button", { type: "button", onclick: compare }, T.compare)) : null, out];
  }
  function opening(summary, body) { // a <details> whose content is made when it is first opened
    const made = el("details", null, summary);
    made.addEventListener("toggle", () => { if (made.open && made.childElementCount === 1) made.append(...[body()].flat().filter(Boolean)); });
    return made;
  }
  function stories() {
    const present = new Set(selected.map((i) => C.sto[i]));
    const list = D.stories.map((story, n) => [story, n]).filter(([, n]) => present.has(n)).map(([story]) => {
      const outlets = new Set(story.versions.map((v) => v.source)), first = story.versions[0];
      return opening(el("summary", null, el("b", null, bdi(first.title)),
        `${fill(T.versions, number(story.size), outlets.size)}; ${fill(T.first, first.source || T.unknown)}`), () => versionsOf(story));
    });
    put("stories-body", list.length ? list : el("p", { class: "note" }, T.noStories), threads());
  }
  function threads() {
    const found = new Map();
    for (const i of selected) if (C.thr[i] >= 0) { if (!found.has(C.thr[i])) found.set(C.thr[i], []); found.get(C.thr[i]).push(i); }
    const largest = [...found.values()].filter((rows) => rows.length > 1).sort((a, b) => b.length - a.length).slice(0, 30);
    if (!largest.length) return null;
    return el("div", null, el("h3", null, T.threads), largest.map((rows) => {
      const oldest = rows[rows.length - 1], outlets = new Set(rows.map((i) => C.src[i])).size;
      return opening(el("summary", null, el("b", null, bdi(titleOf(oldest))),
        `${fill(T.versions, number(rows.length), outlets)}, ${dayText(C.day[oldest])} – ${dayText(C.day[rows[0]])}`),
      () => table(T.recordHead.slice(0, 3), rows.slice().reverse().slice(0, 200).map((i) => [whenText(i), bdi(D.sources[C.src[i]]), opener(i)])));
    }));
  }
  const opener = (i) => el("button", { type: "button", onclick: (event) => open(i, event.currentTarget) }, bdi(titleOf(i)));

  function topics() {
    const multiples = count(C.top, selected, 18).map(([n, total]) => {
      const rows = selected.filter((i) => C.top[i].includes(n));
      return el("div", null, el("h3", null, bdi(`${D.topics[n]} (${number(total)})`)), bars(histogram(rows), { height: 60, label: `${D.topics[n]}: ${number(total)}`, gaps: false, axis: false }));
    });
    const list = (title, names, column, limit) => {
      const found = count(column, selected, limit);
      return found.length ? el("div", null, el("h3", null, title), table(T.countHead, found.map(([n, total]) => [bdi(names[n]), number(total)]), [1])) : null;
    };
    put("topics-body", el("div", { class: "grid" }, multiples), el("div", { class: "pair" },
      list(T.countries, D.countries, C.cou, 20), list(T.towns, D.towns, C.tow, 20), list(T.names, D.names, C.nam, 20),
      D.watch.length ? el("div", null, el("h3", null, T.watch), table(T.countHead, D.watch.map(([name, n]) => [bdi(name), number(n)]), [1])) : null));
  }

  function sources() {
    const per = new Map();
    for (const i of selected) { if (!per.has(C.src[i])) per.set(C.src[i], []); per.get(C.src[i]).push(i); }
    const end = D.days - 1, silents = [];
    const rows = [...per].sort((a, b) => b[1].length - a[1].length).slice(0, 1000).map(([n, own]) => {
      const days = new Map();
      for (const i of own) if (C.day[i] >= 0) days.set(C.day[i], (days.get(C.day[i]) || 0) + 1);
      const seen = [...days.keys()].sort((a, b) => a - b), last = seen.length ? seen[seen.length - 1] : -1;
      const lasted = seen.length ? last - seen[0] + 1 : 0, rate = lasted ? own.length / lasted : 0, quiet = end - last;
      let longest = 0;
      for (let k = 1; k < seen.length; k++) longest = Math.max(longest, seen[k] - seen[k - 1]);
      // As for polled sources: longer than any pause before, and at least three records missing.
      const silent = seen.length >= 5 && quiet > 1.5 * longest && quiet * rate >= 3;
      const state = last < 0 ? T.state.none : silent ? fill(T.state.quiet, quiet, rate.toFixed(1)) : seen.length < 5 ? T.state.few : T.state.ok;
      if (silent) silents.push(n);
      return [bdi(D.sources[n] || T.unknown), number(own.length), rate ? rate.toFixed(1) : "", last < 0 ? "" : dayText(last),
        el("span", { class: silent ? "bad" : null }, silent ? `✗ ${state}` : state), heat(days, end)];
    });
    const polled = D.health.map(([name, verdict, sentence]) => [bdi(name), el("span", { class: verdict === "silent" || verdict === "failing" ? "bad" : null }, T.verdict[verdict] || verdict), bdi(sentence)]);
    put("sources-body", polled.length ? [el("h3", null, T.health), table(T.healthHead, polled)] : null,
      silents.length ? el("p", { class: "bad" }, `✗ ${fill(T.silentOutlets, number(silents.length))} `, silents.slice(0, 20).map((n, k) => [k ? ", " : "", bdi(D.sources[n] || T.unknown)]).flat()) : null,
      table(T.sourceHead, rows.slice(0, MOST), [1, 2]),
      rows.length > MOST ? opening(el("summary", null, fill(T.moreSources, number(rows.length - MOST))), () => table(T.sourceHead, rows.slice(MOST), [1, 2])) : null);
  }
  function heat(days, end) {
    const shown = Math.min(60, end + 1), most = Math.max(1, ...days.values());
    const made = svg("svg", { width: shown * 5, height: 14, "aria-hidden": "true" });
    for (let k = 0; k < shown; k++) {
      const n = days.get(end - shown + 1 + k) || 0;
      made.append(svg("rect", { x: k * 5, y: n ? 0 : 11, width: 4, height: n ? 14 : 3, fill: "currentColor", opacity: n ? (0.25 + (0.75 * n) / most).toFixed(2) : 0.3 }));
    }
    return el("span", { class: "heat" }, made);
  }

  function removed() {
    const lines = D.stripped.map(([rule, n]) => [rule, number(n), el("ul", { class: "lines" }, (D.strippedExamples[rule] || []).map((text) => el("li", null, bdi(text))))]);
    const pages = D.skipped.map(([reason, n]) => opening(el("summary", null, el("b", null, reason), number(n)), () =>
      el("ul", { class: "lines" }, (D.skippedExamples[reason] || []).map((page) => el("li", null, link(page.url, page.url || page.path), ` ${page.detail} `, el("br"), el("code", null, bdi(page.path)), el("br"), bdi(page.excerpt || T.noExcerpt))))));
    const doubtful = D.doubtful.map(([id, sure]) => { const i = C.id.indexOf(id); return [sure.toFixed(2), i < 0 ? id : opener(i)]; });
    put("removed-body", el("h3", null, T.skippedTitle), pages.length ? pages : el("p", null, T.none), el("h3", null, T.strippedTitle), table(T.ruleHead, lines, [1]),
      doubtful.length ? [el("h3", null, T.doubtfulTitle), table(T.doubtfulHead, doubtful, [0])] : null,
      D.rights.length ? [el("h3", null, T.rightsTitle), table(T.rightsHead, D.rights.map(([name, n]) => [name, number(n)]), [1])] : null);
  }

  // ---- the table of records: only the rows in view are in the document ----

  let hits = [], order = [0, -1], at = 0;
  const keys = [(i) => C.day[i] * 1440 + C.min[i], (i) => D.sources[C.src[i]], (i) => titleOf(i), (i) => D.topics[C.top[i][0]] || ""];
  const rows = el("div", { id: "rows", role: "rowgroup" });
  const head = el("div", { role: "rowgroup" });
  const grid = el("div", { id: "grid", role: "grid", tabindex: "0", "aria-labelledby": "records-h", "aria-colcount": 4 }, head, rows);
  $("records-body").append(grid);
  function heads() {
    head.replaceChildren(el("div", { role: "row", class: "head", "aria-rowindex": 1 }, T.recordHead.map((name, n) =>
      el("div", { role: "columnheader", "aria-sort": order[0] === n ? (order[1] > 0 ? "ascending" : "descending") : "none" },
        el("button", { type: "button", onclick: () => { order = [n, order[0] === n ? -order[1] : n ? 1 : -1]; search(); } }, name + (order[0] === n ? (order[1] > 0 ? " ▲" : " ▼") : ""))))));
  }
  function search() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    hits = selected;
    if (words.length) {
      hits = selected.filter((i) => {
        if (haystack[i] === undefined) haystack[i] = `${titleOf(i)} ${D.sources[C.src[i]]}`.toLowerCase();
        return words.every((word) => haystack[i].includes(word));
      });
    }
    if (order[0] !== 0 || order[1] !== -1) {
      const key = keys[order[0]], sign = order[1];
      const compare = order[0] ? (a, b) => key(a).localeCompare(key(b)) : (a, b) => key(a) - key(b);
      hits = hits.slice().sort((a, b) => sign * compare(a, b) || a - b);
    }
    at = 0;
    grid.scrollTop = 0;
    grid.setAttribute("aria-rowcount", hits.length + 1);
    $("results").textContent = fill(T.results, number(hits.length));
    heads();
    draw();
  }
  function draw() {
    rows.style.height = `${hits.length * ROW}px`;
    const first = Math.max(0, Math.floor((grid.scrollTop - 34) / ROW) - 3), last = Math.min(hits.length, first + Math.ceil(grid.clientHeight / ROW) + 8);
    const made = [];
    for (let k = first; k < last; k++) {
      const i = hits[k];
      const row = el("div", { role: "row", id: `r${k}`, class: k === at ? "item on" : "item", "aria-rowindex": k + 2, "aria-selected": k === at },
        [whenText(i), D.sources[C.src[i]], titleOf(i), C.top[i].length ? D.topics[C.top[i][0]] : ""].map((text) => el("div", { role: "gridcell", dir: "auto" }, text)));
      row.style.top = `${k * ROW}px`;
      row.addEventListener("click", () => { at = k; draw(); open(i, grid); });
      made.push(row);
    }
    rows.replaceChildren(...made);
    if (hits.length && at >= first && at < last) grid.setAttribute("aria-activedescendant", `r${at}`);
    else grid.removeAttribute("aria-activedescendant");
  }
  grid.addEventListener("scroll", draw);
  grid.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(grid.clientHeight / ROW) - 2);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.target !== grid) return;
    if (event.key === "Enter" && hits.length) { open(hits[at], grid); event.preventDefault(); }
    if (!(event.key in moves)) return;
    event.preventDefault();
    at = Math.max(0, Math.min(hits.length - 1, at + moves[event.key]));
    if (at * ROW < grid.scrollTop) grid.scrollTop = at * ROW;
    if ((at + 1) * ROW + 34 > grid.scrollTop + grid.clientHeight) grid.scrollTop = (at + 1) * ROW + 34 - grid.clientHeight;
    draw();
  });

  // ---- one article ----

  let back = null; // what had the focus before the panel opened
  async function open(i, from) {
    back = from;
    $("panel-title").replaceChildren(bdi(titleOf(i)));
    $("panel-facts").replaceChildren(bdi([whenText(i), D.sources[C.src[i]], D.languages[C.lang[i]], ...C.top[i].map((n) => D.topics[n])].filter(Boolean).join(" · ")));
    const shown = $("panel-text");
    shown.replaceChildren();
    $("panel").hidden = false;
    $("panel").focus();
    if (i >= D.texts) { shown.append(el("p", { class: "note" }, fill(T.noText, number(D.texts), C.id[i]))); return; }
    const n = Math.floor(i / BLOCK);
    if (!unpacked.has(n)) unpacked.set(n, await unpack(blocks[n].textContent));
    const [url, text] = unpacked.get(n)[i % BLOCK];
    shown.append(...[url ? el("p", null, link(url, T.openPage)) : null, el("p", null, el("code", null, fill(T.showCommand, C.id[i])))].filter(Boolean),
      ...text.split("\n\n").map((paragraph) => el("p", { dir: "auto" }, paragraph)));
  }
  function close() { $("panel").hidden = true; if (back) back.focus(); }
  $("panel-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("panel").hidden) close(); });

  // ---- differences of two texts: paragraphs are paired by shared words, words marked by a longest common subsequence ----

  function common(a, b) { // flags for the words of a and of b that both have in the same order
    if (a.length * b.length > 4e6) return [a.map(() => false), b.map(() => false)];
    const width = b.length + 1, best = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--)
      for (let j = b.length - 1; j >= 0; j--)
        best[i * width + j] = a[i] === b[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    const inA = new Array(a.length).fill(false), inB = new Array(b.length).fill(false);
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] === b[j]) { inA[i++] = true; inB[j++] = true; }
      else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i++;
      else j++;
    }
    return [inA, inB];
  }
  function marked(words, same) {
    const out = el("p", { dir: "auto" });
    for (let i = 0; i < words.length; ) {
      let k = i;
      while (k < words.length && same[k] === same[i]) k++;
      const text = words.slice(i, k).join(" ");
      out.append(same[i] ? text : el("mark", { title: T.onlyHere }, text), " ");
      i = k;
    }
    return out;
  }
  function difference(left, right) {
    const split = (text) => text.split("\n\n").map((paragraph) => paragraph.split(/\s+/));
    const a = split(left.text), b = split(right.text), taken = new Set(), pairs = [];
    let next = 0;
    for (const words of a) {
      const set = new Set(words);
      let best = -1, most = 0.3;
      b.forEach((other, k) => {
        if (taken.has(k)) return;
        const share = other.filter((word) => set.has(word)).length / Math.max(1, Math.min(words.length, other.length));
        if (share > most) { most = share; best = k; }
      });
      if (best >= 0) {
        for (; next < best; next++) if (!taken.has(next)) { pairs.push([null, b[next]]); taken.add(next); }
        taken.add(best);
      }
      pairs.push([words, best >= 0 ? b[best] : null]);
    }
    b.forEach((other, k) => { if (!taken.has(k)) pairs.push([null, other]); });
    const cells = pairs.flatMap(([x, y]) => {
      const [inX, inY] = x && y ? common(x, y) : [(x || []).map(() => false), (y || []).map(() => false)];
      return [x ? marked(x, inX) : el("p"), y ? marked(y, inY) : el("p")];
    });
    return [el("p", { class: "soft" }, T.difference), el("div", { class: "versions" },
      el("h3", null, bdi(`${left.source}: ${left.title}`)), el("h3", null, bdi(`${right.source}: ${right.title}`)), ...cells)];
  }

  // ---- start ----

  function options(id, names) {
    const sorted = names.map((name, n) => [name, n]).sort((a, b) => a[0].localeCompare(b[0]));
    $(id).append(...sorted.map(([name, n]) => el("option", { value: n }, name || T.unknown)));
  }
  function update() { select(); overview(); stories(); topics(); sources(); search(); }
  options("source", D.sources);
  options("language", D.languages);
  options("topic", D.topics);
  for (const id of ["from", "to"]) if (D.days) { $(id).min = dayText(0); $(id).max = dayText(D.days - 1); }
  for (const id of ["from", "to", "source", "language", "topic"]) $(id).addEventListener("change", update);
  $("latest").addEventListener("click", () => { if (D.days) { $("from").value = $("to").value = dayText(D.days - 1); update(); } });
  $("everything").addEventListener("click", () => { $("filter").reset(); update(); });
  $("filter").addEventListener("submit", (event) => event.preventDefault());
  $("search").addEventListener("input", search);
  update();
  removed();
  $("summary").textContent = [N ? fill(T.summary, number(N), number(D.sources.length), dayText(0), dayText(D.days - 1)) : T.summaryNone,
    D.total > N ? fill(T.limited, number(N), number(D.total)) : ""].filter(Boolean).join(" ");
  document.body.dataset.ready = "yes";
})();
