// Records what the JavaScript package writes: changes, saved documents, incremental saves and the messages of two
// sync sessions. `node record.mjs SEED STEPS > js-automerge.json`, with the packages of tests/interop/js installed.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../tests/interop/js/package.json", import.meta.url));
const A = await import(require.resolve("@automerge/automerge"));

let state = Number(process.argv[2] ?? 1);
const steps = Number(process.argv[3] ?? 60);
const below = (end) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 4294967296) * end);
};
const pick = (of) => of[below(of.length)];
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const actor = () => Array.from({ length: 32 }, () => pick([..."0123456789abcdef"])).join("");
const WORDS = ["risk", "", "naïve", "進捗", "🧭", "👩‍👩‍👧‍👦", "a", "the quick brown fox"];
const KEYS = ["title", "status", "notes", "a", "b", "🧭"];
const text = () => Array.from({ length: 1 + below(5) }, () => pick(WORDS)).join(" ");

function value() {
  switch (below(10)) {
    case 0: return null;
    case 1: return below(2) === 0;
    case 2: return below(1e9) - 5e8;
    case 3: return 1.5 * below(100);
    case 4: return new Date(1700000000000 + below(1e9));
    case 5: return new Uint8Array(below(300));
    case 6: return new A.Counter(below(9));
    case 7: return { x: 1, y: [1, 2, text()], t: text() };
    default: return text();
  }
}

function edit(doc) {
  const key = pick(KEYS);
  const body = typeof doc.body === "string" ? doc.body : "";
  switch (below(10)) {
    case 0: delete doc[key]; break;
    case 1: if (doc[key] instanceof A.Counter) doc[key].increment(below(9)); else doc[key] = new A.Counter(3); break;
    case 2: doc.list.splice(below(doc.list.length + 1), below(2), text(), below(9)); break;
    case 3: if (doc.list.length) doc.list[below(doc.list.length)] = value(); break;
    case 4: case 5:
      if (!body) doc.body = "x";
      A.splice(doc, ["body"], below(doc.body.length + 1), 0, text());
      break;
    case 6:
      if (body.length > 4) {
        const start = below(body.length - 2);
        const range = { start, end: start + 1 + below(body.length - start - 1), expand: pick(["before", "after", "both", "none"]) };
        A.mark(doc, ["body"], range, "bold", pick([true, "x", 5, null]));
      }
      break;
    case 7: if (body.length > 4) A.unmark(doc, ["body"], { start: 0, end: 2, expand: "none" }, "bold"); break;
    case 8: if (body.length > 2) A.splitBlock(doc, ["body"], below(body.length), { type: "p", parents: [], attrs: {} }); break;
    default: doc[key] = value();
  }
}

const docs = [A.init({ actor: actor() })];
docs[0] = A.change(docs[0], (doc) => { doc.title = "start"; doc.list = []; });
const start = A.getHeads(docs[0]);
for (let n = 0; n < 3; n++) docs.push(A.clone(docs[0], { actor: actor() }));
const out = { changes: [], documents: [], incrementals: [], messages: [] };
for (let step = 0; step < steps; step++) {
  const at = below(docs.length);
  const other = below(docs.length);
  if (at !== other && below(6) === 0) {
    docs[at] = A.merge(docs[at], docs[other]);
  } else if (below(25) === 0) {
    docs[at] = A.emptyChange(docs[at], below(2) ? { message: text() } : undefined);
  } else if (below(25) === 0) {
    docs[at] = A.changeAt(docs[at], start, {}, (doc) => { doc.title = text(); }).newDoc;
  } else {
    const before = A.getHeads(docs[at]);
    const options = { message: below(2) ? text() : undefined, time: 1700000000 + step };
    docs[at] = A.change(docs[at], options, (doc) => { for (let n = 0; n < 1 + below(3); n++) edit(doc); });
    if (below(6) === 0) out.incrementals.push(hex(A.saveSince(docs[at], before)));
  }
}

function session(one, other) {
  let peers = [one, other];
  const states = [A.initSyncState(), A.initSyncState()];
  for (let quiet = 0, turn = 0; quiet < 2; turn = 1 - turn) {
    const [next, message] = A.generateSyncMessage(peers[turn], states[turn]);
    states[turn] = next;
    quiet = message ? 0 : quiet + 1;
    if (message) {
      out.messages.push(hex(message));
      [peers[1 - turn], states[1 - turn]] = A.receiveSyncMessage(peers[1 - turn], states[1 - turn], message);
    }
  }
  return peers;
}

[docs[0], docs[1]] = session(docs[0], docs[1]);
[docs[0]] = session(docs[0], A.init({ actor: actor() }));
out.documents.push(...docs.map((doc) => hex(A.save(doc))));
const all = docs.reduce((one, other) => A.merge(one, other));
out.documents.push(hex(A.save(all)));
out.heads = A.getHeads(all).sort();
for (const bytes of A.getAllChanges(all)) {
  const { hash, actor, seq, startOp, ops, time, deps, message } = A.decodeChange(bytes);
  out.changes.push({ hex: hex(bytes), hash, actor, seq, startOp, ops: ops.length, time, deps, message });
}
console.log(JSON.stringify(out, null, 1));
