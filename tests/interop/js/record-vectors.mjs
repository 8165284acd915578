// Records the frames that real JavaScript automerge-repo peers send each other, as test vectors for `crates/wire`.
//
//   npm ci && npm run record-vectors
//
// A stock client speaks to a stock relay through a recording proxy. Each vector holds the frame and what the JavaScript
// package itself decodes it to. Vectors whose source is "encoded" are messages that the package's own codec wrote, but
// that no scripted run produces (a count beyond 32 bits, a type of the future, ...).

import { Presence, Repo, cbor } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { WebSocket, WebSocketServer } from "ws"
import { plain } from "./plain.mjs"
import { MemoryStorage, startRelay } from "./relay.mjs"

const VECTORS = fileURLToPath(new URL("../../../crates/wire/testdata/js-vectors.json", import.meta.url))
const DOCUMENT = "4NMNnkMhL8jXrdJ9jamS58PAVdXu"
const vectors = []

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

function keep(name, description, { direction, source, frame }) {
  vectors.push({ name, description, direction, source, hex: Buffer.from(frame).toString("hex"), fields: plain(cbor.decode(frame)) })
}

function encoded(name, description, direction, message) {
  keep(name, description, { direction, source: "encoded", frame: cbor.encode(message) })
}

/** A relay behind a proxy that notes every frame of every client. */
async function recorded(options) {
  const relay = await startRelay(options)
  const frames = []
  const proxy = new WebSocketServer({ host: "127.0.0.1", port: 0 })
  await new Promise(resolve => proxy.once("listening", resolve))
  proxy.on("connection", (near, request) => {
    const client = request.url.slice(1)
    const far = new WebSocket(relay.url)
    const opened = new Promise(resolve => far.once("open", resolve))
    const note = (direction, frame) =>
      frames.push({ client, direction, source: "recorded", frame: new Uint8Array(frame), message: cbor.decode(frame) })
    near.on("message", async frame => {
      note("client-to-relay", frame)
      await opened
      far.send(frame)
    })
    far.on("message", frame => {
      note("relay-to-client", frame)
      near.send(frame)
    })
    near.on("close", () => far.close())
    far.on("close", () => near.close())
  })
  const url = client => `ws://127.0.0.1:${proxy.address().port}/${client}`
  const repos = []

  return {
    relay,
    url,
    client(name, options = {}) {
      const repo = new Repo({ peerId: name, network: [new WebSocketClientAdapter(url(name))], ...options })
      repos.push(repo)
      return repo
    },
    /** The first frame that fits, waiting for it to happen. */
    async frame(what) {
      for (let waited = 0; waited < 10_000; waited += 20) {
        const found = frames.find(what)
        if (found) return found
        await sleep(20)
      }
      throw new Error(`no frame fits ${what}; seen: ${frames.map(f => `${f.client} ${f.direction} ${f.message.type}`)}`)
    },
    async close() {
      repos.forEach(repo => repo.networkSubsystem.disconnect())
      proxy.clients.forEach(socket => socket.terminate())
      proxy.close()
      await relay.close()
    },
  }
}

const up = (client, type, and = () => true) => f =>
  f.client === client && f.direction === "client-to-relay" && f.message.type === type && and(f.message)
const down = (client, type, and = () => true) => f =>
  f.client === client && f.direction === "relay-to-client" && f.message.type === type && and(f.message)

async function handshakeAndSync() {
  const run = await recorded()
  const ada = run.client("ada")
  keep("join-ephemeral", "Join of a client without storage: storageId is undefined", await run.frame(up("ada", "join")))
  keep("peer", "Answer of a relay with storage", await run.frame(down("ada", "peer")))

  const doc = ada.create()
  doc.change(d => {
    d.title = "Direction"
    d.objectives = { o1: { title: "Grow", progress: 0.25 } }
  })
  keep("sync-first", "First sync message of the peer that made the document", await run.frame(up("ada", "sync")))
  keep("sync-answer", "Answer of the relay", await run.frame(down("ada", "sync")))
  await run.relay.repo.find(doc.url)

  const bob = run.client("bob", { storage: new MemoryStorage() })
  keep("join-with-storage", "Join of a client with storage", await run.frame(up("bob", "join")))
  const copy = await bob.find(doc.url)
  keep("request", "Request of a peer that has nothing of the document", await run.frame(up("bob", "request")))
  keep("sync-document", "The relay sends all of the document", await run.frame(down("bob", "sync")))
  copy.change(d => {
    d.notes = "Ahoj, Дирекція, 方向 ".repeat(40)
  })
  const large = await run.frame(up("bob", "sync", m => m.data.length > 200))
  keep("sync-large", "A change with a long text: the byte string has a two-byte length", large)

  const carl = run.client("carl")
  await carl.find("automerge:2akvofn6L1o4RMUEMQi7qzwRjKWZ").catch(() => {})
  keep("request-unknown", "Request for a document that nobody has", await run.frame(up("carl", "request")))
  keep("doc-unavailable", "The relay has it neither", await run.frame(down("carl", "doc-unavailable")))

  doc.broadcast({ cursor: 7, where: ["objectives", "o1"] })
  keep("ephemeral", "A broadcast value on its way up", await run.frame(up("ada", "ephemeral")))
  keep("ephemeral-forwarded", "The same, forwarded: the sender stays", await run.frame(down("bob", "ephemeral")))
  keep(
    "ephemeral-echo",
    "The receiver gossips it back to the relay in the name of its author",
    await run.frame(up("bob", "ephemeral")),
  )

  const presence = new Presence({ handle: doc })
  presence.start({ initialState: { name: "Ada", focus: null }, heartbeatMs: 100 })
  presence.broadcast("focus", "objectives/o1")
  const kind = type => m => cbor.decode(m.data).__presence?.type === type
  for (const type of ["snapshot", "update", "heartbeat"]) {
    const frame = await run.frame(up("ada", "ephemeral", kind(type)))
    keep(`presence-${type}`, `Presence of the JavaScript package: ${type}`, frame)
  }
  presence.stop()
  keep("presence-goodbye", "Presence says goodbye", await run.frame(up("ada", "ephemeral", kind("goodbye"))))

  run.client("Žofie 🧭 on the bridge")
  keep(
    "join-unicode",
    "A peer id may be any text",
    await run.frame(f => f.message.type === "join" && f.message.senderId.startsWith("Ž")),
  )
  await run.close()
}

async function refusal() {
  const run = await recorded()
  const speak = (name, message) => {
    const socket = new WebSocket(run.url(name))
    socket.on("open", () => socket.send(cbor.encode(message)))
  }
  speak("future", { type: "join", senderId: "future", supportedProtocolVersions: ["2"] })
  keep("join-future", "A join that speaks another version only", await run.frame(up("future", "join")))
  keep("error", "The relay's answer to it", await run.frame(down("future", "error")))
  speak("old", { type: "join", senderId: "old" })
  keep("join-old", "A join without versions and without metadata", await run.frame(up("old", "join")))
  keep("peer-old", "It is answered as if it spoke version 1", await run.frame(down("old", "peer")))
  await run.close()
}

async function gossip() {
  const run = await recorded({ gossip: true })
  const options = { enableRemoteHeadsGossiping: true }
  const ada = run.client("ada", { ...options, storage: new MemoryStorage() })
  const bob = run.client("bob", options)
  await run.frame(down("ada", "peer"))
  await run.frame(down("bob", "peer"))
  const doc = ada.create({ title: "Risks" })
  await run.frame(down("ada", "sync"))
  await bob.find(doc.url)
  // Only now: asked for while the join is being made, the package would make a second id.
  bob.subscribeToRemotes([await ada.storageId()])
  const subscription = await run.frame(up("bob", "remote-subscription-change"))
  keep("remote-subscription-add", "A wish to hear about a store: remove is undefined", subscription)
  doc.change(d => {
    d.title = "Risks and opportunities"
  })
  const heads = await run.frame(down("bob", "remote-heads-changed"))
  keep("remote-heads-changed", "Heads of a third store; the timestamp is a float", heads)
  await run.close()
}

function others() {
  const message = { senderId: "ada", targetId: "js-relay", documentId: DOCUMENT }
  const data = cbor.encode({ cursor: 7 })
  const counted = { type: "ephemeral", ...message, sessionId: "k3xq0", data }
  encoded("ephemeral-count-32", "The largest count written as an integer", "client-to-relay", {
    ...counted,
    count: 2 ** 32 - 1,
  })
  encoded("ephemeral-count-float", "A count beyond 32 bits is a float", "client-to-relay", { ...counted, count: 2 ** 40 + 1 })
  encoded("ephemeral-count-max", "The largest count there is", "client-to-relay", {
    ...counted,
    count: Number.MAX_SAFE_INTEGER,
  })
  encoded("remote-subscription-remove", "A wish to hear no more", "client-to-relay", {
    type: "remote-subscription-change",
    senderId: "ada",
    targetId: "js-relay",
    add: [],
    remove: ["3760df37-a4c6-4f66-9ecd-732039a9385d"],
  })
  encoded("leave", "An advisory goodbye", "client-to-relay", { type: "leave", senderId: "ada" })
  encoded("unknown", "A type of the future", "client-to-relay", { type: "sedimentree", ...message, parts: [{ a: [1, 2] }] })
  encoded("join-extended", "A join that offers extensions", "client-to-relay", {
    type: "join",
    senderId: "ada",
    peerMetadata: { isEphemeral: true, storageId: undefined, x: { binnacle: 1, other: ["y"] }, more: { deep: [{}] } },
    supportedProtocolVersions: ["1"],
  })
}

await handshakeAndSync()
await refusal()
await gossip()
others()

const version = name => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version
const packages = ["@automerge/automerge", "@automerge/automerge-repo", "@automerge/automerge-repo-network-websocket"]
const recordedFrom = Object.fromEntries([...packages, "cbor-x", "ws"].map(name => [name, version(name)]))
writeFileSync(VECTORS, JSON.stringify({ recordedFrom, vectors }, null, 1) + "\n")
console.log(`${vectors.length} vectors, ${vectors.reduce((sum, v) => sum + v.hex.length / 2, 0)} bytes of frames`)
process.exit(0)
