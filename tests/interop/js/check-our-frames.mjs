// Does the JavaScript package read what `crates/wire` writes?
//
// The frames come from crates/wire/testdata/our-frames.json, which the Rust tests hold to the encoder.

import { cbor } from "@automerge/automerge-repo"
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { plain } from "./plain.mjs"

const { frames } = JSON.parse(readFileSync(new URL("../../../crates/wire/testdata/our-frames.json", import.meta.url)))
assert.ok(frames.length > 0)
for (const { name, hex, fields } of frames) {
  assert.deepEqual(plain(cbor.decode(Buffer.from(hex, "hex"))), fields, name)
}
console.log(`JavaScript reads all ${frames.length} frames of ours`)
