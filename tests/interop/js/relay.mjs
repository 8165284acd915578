// A stock JavaScript automerge-repo relay on loopback: the reference our own peers are compared with.
//
// As a module: `const relay = await startRelay({ gossip, peerId })`.
// As a program: prints one JSON line {"listening": url} and runs until its standard input ends.

import { Repo } from "@automerge/automerge-repo"
import { WebSocketServerAdapter } from "@automerge/automerge-repo-network-websocket"
import { pathToFileURL } from "node:url"
import { WebSocketServer } from "ws"

/** Keeps documents in memory, so that the repo has a storage id and is not ephemeral. */
export class MemoryStorage {
  #chunks = new Map()

  async load(key) {
    return this.#chunks.get(JSON.stringify(key))?.data
  }

  async save(key, data) {
    this.#chunks.set(JSON.stringify(key), { key, data })
  }

  async remove(key) {
    this.#chunks.delete(JSON.stringify(key))
  }

  async loadRange(prefix) {
    return [...this.#chunks.values()].filter(({ key }) => prefix.every((part, i) => key[i] === part))
  }

  async removeRange(prefix) {
    for (const { key } of await this.loadRange(prefix)) await this.remove(key)
  }
}

/**
 * Starts a relay on a free port. Like a sync server it announces nothing by itself, unless told to.
 * With `gossip` it announces, because JavaScript gossips heads only with peers it announces to.
 */
export async function startRelay({ peerId = "js-relay", gossip = false } = {}) {
  const sockets = new WebSocketServer({ host: "127.0.0.1", port: 0 })
  await new Promise(resolve => sockets.once("listening", resolve))
  const repo = new Repo({
    peerId,
    storage: new MemoryStorage(),
    network: [new WebSocketServerAdapter(sockets)],
    sharePolicy: async () => gossip,
    enableRemoteHeadsGossiping: gossip,
  })
  return {
    repo,
    /** The open sockets, for a test that wants to end one at an awkward moment. */
    clients: sockets.clients,
    url: `ws://127.0.0.1:${sockets.address().port}`,
    close: () => new Promise(resolve => sockets.close(resolve)),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const relay = await startRelay()
  process.stdout.write(JSON.stringify({ listening: relay.url }) + "\n")
  process.stdin.resume().on("end", () => process.exit(0))
}
