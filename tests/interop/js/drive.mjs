// Drives a peer.mjs process from JavaScript: `const ada = drivePeer(); await ada.ask({ connect: url })`.

import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export function drivePeer() {
  const script = fileURLToPath(new URL("peer.mjs", import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise(resolve => child.once("exit", code => resolve(code)))
  return {
    ended,
    async ask(command) {
      child.stdin.write(JSON.stringify(command) + "\n")
      const { value, done } = await answers.next()
      if (done) throw new Error(`the peer ended instead of answering ${JSON.stringify(command)}`)
      return JSON.parse(value)
    },
    endInput: () => child.stdin.end(),
  }
}
