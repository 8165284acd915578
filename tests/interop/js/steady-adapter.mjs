// The stock WebSocket adapter, without the one thing that loses documents.
//
// In 2.5.6 `send` throws when the socket is closing. A sync message that arrives just then is answered from inside the
// update of the document; what is thrown there leaves the repo with a document that it has already replaced, and every
// later change fails with "Attempting to change an outdated document". That is so with any relay that says something
// and hangs up, the stock JavaScript one included: self-test.mjs shows it.
//
// What is not sent to a closing socket is lost in any case, and the next connection begins anew.

import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"

export class SteadyAdapter extends WebSocketClientAdapter {
  send(message) {
    if (this.socket?.readyState === this.socket?.OPEN) super.send(message)
  }
}
