// A stock JavaScript automerge-repo client (but for a socket that closes: steady-adapter.mjs), driven by JSON lines.
//
// One command per line of standard input, one answer per line of standard output, in order. A command is an object with
// one key that names it; an `id` beside it is repeated in the answer. An answer has `error` when the command failed, and
// the process goes on. Everything else the packages print goes to standard error.
//
//   {"connect": "ws://HOST/sync/WORKSPACE?token=...", "peerId": "ada", "timeout_ms": 10000}
//        -> {"connected": true, "peerId", "relay"}     optional: "storage": "memory", "gossip": true,
//                                                  "retry_ms": how long to wait before dialling again (stock: 5000)
//   {"create": {VALUE}}                           -> {"documentUrl", "documentId", "heads"}
//   {"find": "automerge:...", "timeout_ms"}       -> {"value", "heads"} | {"unavailable": true} | {"timeout": true}
//   {"read": "automerge:..." | true}              -> {"value", "heads", "changes"}
//   {"change": {"path": [...], "value": VALUE}}   -> {"heads"}          {"change": {"path", "delete": true}} deletes
//   {"insert": {"path", "index", "value"}}        -> {"heads"}         into the list at path
//   {"splice": {"path", "index", "del", "insert"}} -> {"heads"}         text, indexed in UTF-16 code units
//   {"rapid": {"count", "path": [...], "gap_ms"}} -> {"heads"}          as many changes, each sets one key of the map at path
//   {"broadcast": VALUE}                          -> {"sent": true}
//   {"ephemeral": true}                           -> {"received": [{"sender", "documentUrl", "value"}]} since last asked
//   {"wait_ephemeral": {"count", "timeout_ms"}}   -> the same, once there are as many | {"timeout": true, "received"}
//   {"wait_heads": ["hex", ...], "timeout_ms"}    -> {"heads"} | {"timeout": true, "heads"}
//   {"wait_until": {"path", "equals", "timeout_ms"}} -> {"value", "heads"} | {"timeout": true, "value"}
//   {"offline": true} · {"online": true, "timeout_ms"} -> {"offline": true} · {"connected": true}
//   {"peers": true}                               -> {"peers": ["..."]}
//   {"close": true}                               -> {"closed": true}, and the process ends
//
// Commands on a document mean the one last created or found; {"document": "automerge:..."} beside the command means another
// one that this process has created or found. Heads are hexadecimal and sorted.
//
// There is no storage unless asked for: every process is a fresh client.

import * as Automerge from "@automerge/automerge"
import { Repo } from "@automerge/automerge-repo"
import { isDeepStrictEqual } from "node:util"
import { createInterface } from "node:readline"
import { MemoryStorage } from "./relay.mjs"
import { SteadyAdapter } from "./steady-adapter.mjs"

console.log = console.info = console.debug = console.error

let repo
let adapter
let current
let lastProblem
const handles = new Map()
const received = []

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const headsOf = handle => [...Automerge.getHeads(handle.doc())].sort()
const valueAt = (value, path) => path.reduce((inner, key) => inner?.[key], value)
const json = value => JSON.parse(JSON.stringify(value ?? null))

/** The adapter throws what the socket reports (a refused upgrade, say) from inside an event handler. */
process.on("uncaughtException", error => {
  lastProblem = String(error?.message ?? error)
  console.error("peer:", lastProblem)
})
process.on("unhandledRejection", error => {
  lastProblem = String(error?.message ?? error)
  console.error("peer:", lastProblem)
})

/** Polls until `check` returns something; `undefined` when the time is over. */
async function until(check, timeout_ms = 10_000) {
  const deadline = Date.now() + timeout_ms
  for (;;) {
    const found = check()
    if (found !== undefined) return found
    if (Date.now() >= deadline) return undefined
    await sleep(10)
  }
}

function watch(handle) {
  current = handle
  if (handles.has(handle.url)) return
  handles.set(handle.url, handle)
  handle.on("ephemeral-message", ({ senderId, message }) =>
    received.push({ sender: senderId, documentUrl: handle.url, value: json(message) }),
  )
}

function documentOf(url) {
  const handle = url === undefined || url === true ? current : handles.get(url)
  if (!handle) throw new Error(`no such document here: ${url ?? "create or find one first"}`)
  return handle
}

async function connected(timeout_ms) {
  const relay = await until(() => repo.peers[0] ?? (lastProblem && null), timeout_ms)
  if (relay) return { connected: true, peerId: repo.peerId, relay }
  throw new Error(`not connected: ${lastProblem ?? "no answer to the join"}`)
}

const commands = {
  async connect(url, { peerId, storage, gossip, retry_ms, timeout_ms }) {
    if (repo) throw new Error("already connected; use offline and online, or another process")
    adapter = new SteadyAdapter(url, retry_ms)
    repo = new Repo({
      network: [adapter],
      peerId,
      storage: storage === "memory" ? new MemoryStorage() : undefined,
      enableRemoteHeadsGossiping: gossip === true,
    })
    return connected(timeout_ms)
  },

  create(value) {
    const handle = repo.create(value)
    watch(handle)
    return { documentUrl: handle.url, documentId: handle.documentId, heads: headsOf(handle) }
  },

  async find(url, { timeout_ms = 10_000 }) {
    const signal = AbortSignal.timeout(timeout_ms)
    try {
      const handle = await repo.find(url, { signal })
      watch(handle)
      return { value: json(handle.doc()), heads: headsOf(handle) }
    } catch (error) {
      if (/unavailable/i.test(error?.message)) return { unavailable: true }
      if (signal.aborted) return { timeout: true }
      throw error
    }
  },

  read(url) {
    const handle = documentOf(url)
    const changes = Automerge.getAllChanges(handle.doc()).length
    return { value: json(handle.doc()), heads: headsOf(handle), changes }
  },

  change({ path, value, delete: remove }, { document }) {
    const handle = documentOf(document)
    handle.change(doc => {
      const parent = valueAt(doc, path.slice(0, -1))
      if (parent === undefined) throw new Error(`nothing at ${JSON.stringify(path.slice(0, -1))}`)
      if (remove && Array.isArray(parent)) Automerge.deleteAt(parent, path.at(-1))
      else if (remove) delete parent[path.at(-1)]
      else parent[path.at(-1)] = value
    })
    return { heads: headsOf(handle) }
  },

  insert({ path, index, value }, { document }) {
    const handle = documentOf(document)
    handle.change(doc => Automerge.insertAt(valueAt(doc, path), index, value))
    return { heads: headsOf(handle) }
  },

  splice({ path, index, del = 0, insert = "" }, { document }) {
    const handle = documentOf(document)
    handle.change(doc => Automerge.splice(doc, path, index, del, insert))
    return { heads: headsOf(handle) }
  },

  async rapid({ count, path = ["rapid"], gap_ms = 0 }, { document }) {
    const handle = documentOf(document)
    if (valueAt(handle.doc(), path) === undefined) throw new Error(`no map at ${JSON.stringify(path)}`)
    for (let i = 0; i < count; i++) {
      handle.change(doc => {
        valueAt(doc, path)[`${repo.peerId}-${i}`] = i
      })
      await sleep(gap_ms)
    }
    return { heads: headsOf(handle) }
  },

  broadcast(value, { document }) {
    documentOf(document).broadcast(value)
    return { sent: true }
  },

  ephemeral() {
    return { received: received.splice(0) }
  },

  async wait_ephemeral({ count = 1, timeout_ms }) {
    const enough = await until(() => (received.length >= count ? true : undefined), timeout_ms)
    return { ...(enough ? {} : { timeout: true }), received: received.splice(0) }
  },

  async wait_heads(heads, { document, timeout_ms }) {
    const handle = documentOf(document)
    const wanted = [...heads].sort()
    const reached = await until(() => (isDeepStrictEqual(headsOf(handle), wanted) ? true : undefined), timeout_ms)
    return { ...(reached ? {} : { timeout: true }), heads: headsOf(handle) }
  },

  async wait_until({ path, equals, timeout_ms }, { document }) {
    const handle = documentOf(document)
    const value = () => json(valueAt(handle.doc(), path))
    const reached = await until(() => (isDeepStrictEqual(value(), equals ?? null) ? true : undefined), timeout_ms)
    return { ...(reached ? {} : { timeout: true }), value: value(), heads: headsOf(handle) }
  },

  async offline() {
    adapter.disconnect()
    await until(() => (repo.peers.length === 0 ? true : undefined))
    return { offline: true }
  },

  async online(_, { timeout_ms }) {
    lastProblem = undefined
    repo.networkSubsystem.reconnect()
    return connected(timeout_ms)
  },

  peers() {
    return { peers: repo.peers }
  },

  close() {
    return { closed: true }
  },
}

async function answer(line) {
  let id
  try {
    const command = JSON.parse(line)
    id = command.id
    const name = Object.keys(command).find(key => Object.hasOwn(commands, key))
    if (!name) throw new Error(`unknown command; known: ${Object.keys(commands).join(", ")}`)
    if (!repo && name !== "connect" && name !== "close") throw new Error("connect first")
    return { id, ...(await commands[name](command[name], command)) }
  } catch (error) {
    return { id, error: String(error?.message ?? error) }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue
  const answered = await answer(line)
  await new Promise(resolve => process.stdout.write(JSON.stringify(answered) + "\n", resolve))
  if (answered.closed) break
}
adapter?.disconnect()
process.exit(0)
