// The relay as a process: started, stopped, killed, started again on the same data and the same port.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BINARY = process.env.BINNACLE_BIN;
if (!BINARY) throw new Error("BINNACLE_BIN names no relay binary; run `cargo xtask test e2e`");

async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Relay {
  #child = null;

  // A data directory of its own with one workspace in it.
  static async create({ name = "Vantry Fluidics", sample = true } = {}) {
    const relay = new Relay();
    relay.data = mkdtempSync(join(tmpdir(), "binnacle-e2e-"));
    relay.port = await freePort();
    relay.workspace = relay.command("workspace", "create", name, ...(sample ? ["--sample"] : [])).trim().split("\n").at(-1);
    await relay.start();
    return relay;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  command(...words) {
    return execFileSync(BINARY, [...words, "--data", this.data], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  }

  // All records as the relay's own command line reads them from its file.
  show() {
    return JSON.parse(this.command("workspace", "show", this.workspace, "--json"));
  }

  async start() {
    const child = spawn(BINARY, ["serve", "--data", this.data, "--listen", `127.0.0.1:${this.port}`], {
      stdio: ["ignore", "pipe", process.env.BINNACLE_LOG ? "inherit" : "ignore"],
    });
    this.#child = child;
    await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => line.includes("http://") && resolve());
      child.once("exit", (code) => reject(new Error(`the relay ended with ${code} before it listened`)));
    });
  }

  // SIGKILL, as a power cut would feel to the process.
  async kill() {
    await this.#end("SIGKILL");
  }

  async stop() {
    await this.#end("SIGTERM");
  }

  async remove() {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  async #end(signal) {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill(signal);
    });
  }
}
