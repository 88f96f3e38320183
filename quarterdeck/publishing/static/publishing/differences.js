// In which words one text differs from another: the twin of publishing/differences.py, for while one writes.
const MOST = 1_000_000; // cells of the comparison; beyond that both texts are shown whole

/** [[kind, text]] with kind "same", "gone" (only in the first) or "new" (only in the second). */
export function words(before, after) {
  const old = before.match(/\s+|\S+/gu) ?? [];
  const made = after.match(/\s+|\S+/gu) ?? [];
  let from = 0;
  while (from < old.length && old[from] === made[from]) from += 1;
  let tail = 0;
  while (tail < Math.min(old.length, made.length) - from && old.at(-1 - tail) === made.at(-1 - tail)) tail += 1;
  const middle = inner(old.slice(from, old.length - tail), made.slice(from, made.length - tail));
  return joined([...old.slice(0, from).map(same), ...middle, ...old.slice(old.length - tail).map(same)]);
}

const same = (token) => ["same", token];
const gone = (token) => ["gone", token];
const fresh = (token) => ["new", token];

// The longest common run of words, by the textbook table.
function inner(old, made) {
  if (!old.length || !made.length || old.length * made.length > MOST) return [...old.map(gone), ...made.map(fresh)];
  const width = made.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = made.length - 1; j >= 0; j -= 1) {
      table[i * width + j] = old[i] === made[j] ? table[(i + 1) * width + j + 1] + 1 : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < made.length) {
    if (old[i] === made[j]) (found.push(same(old[i])), (i += 1), (j += 1));
    else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) (found.push(gone(old[i])), (i += 1));
    else (found.push(fresh(made[j])), (j += 1));
  }
  return [...found, ...old.slice(i).map(gone), ...made.slice(j).map(fresh)];
}

// Neighbours of one kind as one; between two words that stay, what goes stands before what comes. A space alone between
// two changes is no word that stayed: the change reads as one.
function joined(tokens) {
  const runs = []; // [same, gone, new]: either the first, or the other two
  for (const [kind, text] of tokens) {
    if (!runs.length || Boolean(runs.at(-1)[0]) !== (kind === "same")) runs.push(["", "", ""]);
    runs.at(-1)[["same", "gone", "new"].indexOf(kind)] += text;
  }
  const found = [];
  runs.forEach((run, at) => {
    const lone = !run[0].trim() && at > 0 && at < runs.length - 1;
    const [same, gone, fresh] = run[0] && lone ? ["", run[0], run[0]] : run;
    const last = found.at(-1);
    if (last && !same && !last[0]) (last[1] += gone), (last[2] += fresh);
    else found.push([same, gone, fresh]);
  });
  return found.flatMap(([same, gone, fresh]) => [["same", same], ["gone", gone], ["new", fresh]]).filter(([, text]) => text);
}

const TAGS = { gone: "del", new: "ins", same: "span" };

/** Show in a place how these parts differ from the common ones. */
export function show(place, common, own) {
  const several = Math.max(common.length, own.length) > 1;
  const lines = [];
  for (let at = 0; at < Math.max(common.length, own.length); at += 1) {
    lines.push(line(words(common[at]?.text ?? "", own[at]?.text ?? ""), several ? `Part ${at + 1}${own[at] ? "" : ", left out"}: ` : ""));
    if (own[at] && seen(common[at]) !== seen(own[at])) {
      const other = own[at].images.length ? "With pictures of its own." : "Without the pictures.";
      lines.push(Object.assign(document.createElement("p"), { className: "small", textContent: other }));
    }
  }
  place.replaceChildren(...lines);
}

const seen = (part) => JSON.stringify((part?.images ?? []).map(({ file, alt }) => [file, alt]));

function line(pieces, label) {
  const words = Object.assign(document.createElement("p"), { className: "text", dir: "auto" });
  if (label) words.append(Object.assign(document.createElement("span"), { className: "small", textContent: label }));
  for (const [kind, text] of pieces) words.append(Object.assign(document.createElement(TAGS[kind]), { textContent: text }));
  return words;
}
