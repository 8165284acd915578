// Is the scriptable peer itself sound? Runs it against a stock JavaScript relay, so that a failure of an interop test
// against our own relay can be laid at the right door.

import assert from "node:assert/strict"
import { createServer } from "node:http"
import { drivePeer } from "./drive.mjs"
import { startRelay } from "./relay.mjs"

const relay = await startRelay()
const url = `${relay.url}/sync/aaaaaaaaaaaaaaaa?token=t`
const [ada, bob] = [drivePeer(), drivePeer()]

assert.match((await ada.ask({ read: true })).error, /connect first/)
assert.match((await ada.ask({ fly: true })).error, /unknown command/)
assert.deepEqual(await ada.ask({ connect: url, peerId: "ada", retry_ms: 250, id: 7 }), {
  id: 7,
  connected: true,
  peerId: "ada",
  relay: "js-relay",
})
assert.equal((await bob.ask({ connect: url, peerId: "bob", retry_ms: 250, storage: "memory" })).connected, true)

// A document goes from one to the other, and edits go both ways.
const { documentUrl, documentId, heads } = await ada.ask({ create: { title: "Direction", rapid: {}, list: [1] } })
assert.equal(heads.length, 1)
while (!relay.repo.handles[documentId]?.isReady()) await new Promise(resolve => setTimeout(resolve, 10))
const found = await bob.ask({ find: documentUrl })
assert.deepEqual(found, { value: { title: "Direction", rapid: {}, list: [1] }, heads })

const spliced = await bob.ask({ splice: { path: ["title"], index: 9, del: 0, insert: " 🧭 2027" } })
assert.deepEqual(await ada.ask({ wait_heads: spliced.heads }), { heads: spliced.heads })
assert.equal((await ada.ask({ read: true })).value.title, "Direction 🧭 2027")
await ada.ask({ splice: { path: ["title"], index: 13, del: 4, insert: "2028" } })
await ada.ask({ change: { path: ["list", 1], value: { deep: true } } })
assert.deepEqual((await bob.ask({ wait_until: { path: ["list", 1], equals: { deep: true } } })).value, { deep: true })
assert.equal((await bob.ask({ read: documentUrl })).value.title, "Direction 🧭 2028")
await bob.ask({ change: { path: ["list"], delete: true } })
assert.equal((await ada.ask({ wait_until: { path: ["list"], equals: null } })).value, null)
assert.match((await ada.ask({ change: { path: ["no", "where"], value: 1 } })).error, /nothing at/)

// Rapid edits of both converge.
await Promise.all([ada.ask({ rapid: { count: 20 } }), bob.ask({ rapid: { count: 20 } })])
const both = await ada.ask({ wait_until: { path: ["rapid", "bob-19"], equals: 19 } })
assert.equal(both.timeout, undefined)
await bob.ask({ wait_until: { path: ["rapid", "ada-19"], equals: 19 } })
await bob.ask({ wait_heads: (await ada.ask({ read: true })).heads })
const [a, b] = [await ada.ask({ read: true }), await bob.ask({ read: true })]
assert.equal(Object.keys(a.value.rapid).length, 40)
assert.deepEqual(a, b)

// Offline edits arrive afterwards.
await bob.ask({ offline: true })
assert.deepEqual(await bob.ask({ peers: true }), { peers: [] })
await bob.ask({ change: { path: ["offline"], value: "kept" } })
assert.equal((await ada.ask({ wait_until: { path: ["offline"], equals: "kept", timeout_ms: 300 } })).timeout, true)
assert.equal((await bob.ask({ online: true })).connected, true)
assert.equal((await ada.ask({ wait_until: { path: ["offline"], equals: "kept" } })).value, "kept")

// A relay that says something and hangs up in the same breath costs the peer its connection, never its document. With
// the stock adapter every later change fails with "Attempting to change an outdated document" (see steady-adapter.mjs).
for (const socket of relay.clients) {
  const send = socket.send
  socket.send = function (...sent) {
    send.apply(this, sent)
    this.close()
  }
}
await bob.ask({ change: { path: ["last words"], value: "of bob" } })
await new Promise(resolve => setTimeout(resolve, 300))
assert.equal((await ada.ask({ change: { path: ["last words"], value: "of ada" } })).error, undefined)
assert.equal((await ada.ask({ change: { path: ["after"], value: "of ada" } })).error, undefined)
assert.equal((await bob.ask({ wait_until: { path: ["after"], equals: "of ada" } })).value, "of ada")

// Ephemeral messages arrive once, and not at their author.
await ada.ask({ broadcast: { cursor: 7 } })
const heard = await bob.ask({ wait_ephemeral: { count: 1 } })
assert.deepEqual(heard.received, [{ sender: "ada", documentUrl, value: { cursor: 7 } }])
assert.deepEqual(await bob.ask({ ephemeral: true }), { received: [] })
assert.deepEqual(await ada.ask({ ephemeral: true }), { received: [] })

// What nobody has is unavailable.
assert.deepEqual(await ada.ask({ find: "automerge:2akvofn6L1o4RMUEMQi7qzwRjKWZ" }), { unavailable: true })
assert.match((await ada.ask({ find: "automerge:nonsense" })).error, /./)

// A refused upgrade is told, not survived in silence; so is a relay that is not there.
const doorkeeper = createServer()
doorkeeper.on("upgrade", (_, socket) => socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n"))
await new Promise(resolve => doorkeeper.listen(0, "127.0.0.1", resolve))
const { port } = doorkeeper.address()
const carl = drivePeer()
assert.match((await carl.ask({ connect: `ws://127.0.0.1:${port}/sync/x?token=bad` })).error, /not connected: .*401/)
carl.endInput()
assert.equal(await carl.ended, 0)
doorkeeper.close()
const dora = drivePeer()
assert.match((await dora.ask({ connect: `ws://127.0.0.1:${port}`, timeout_ms: 300 })).error, /not connected/)
assert.deepEqual(await dora.ask({ close: true }), { closed: true })

assert.deepEqual(await ada.ask({ close: true }), { closed: true })
assert.deepEqual(await bob.ask({ close: true }), { closed: true })
assert.deepEqual([await ada.ended, await bob.ended], [0, 0])
await relay.close()
console.log("the scriptable peer is sound")
process.exit(0)
