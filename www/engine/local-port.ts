// The way between a page and a host in the same thread: messages are handed over instead of being copied by the browser,
// which for maps costs more than computing them. Answers still come as tasks of their own, so that a page that asks in a
// loop goes on painting.

type Handler = ((event: { data: unknown }) => void) | null;

class LocalPort {
  /** How a message gets to the other side. */
  send: (message: unknown, given?: Transferable[]) => void = () => {};
  closed: () => void = () => {};
  readonly #waiting: unknown[] = [];
  #handler: Handler = null;

  get onmessage(): Handler {
    return this.#handler;
  }

  set onmessage(handler: Handler) {
    this.#handler = handler;
    while (this.#handler && this.#waiting.length > 0) this.#handler({ data: this.#waiting.shift() });
  }

  postMessage(message: unknown, given?: Transferable[]): void {
    this.send(message, given);
  }

  receive(message: unknown): void {
    if (this.#handler) this.#handler({ data: message });
    else this.#waiting.push(message);
  }

  close(): void {
    this.closed();
  }
}

/** The page's end and the host's. What the page sends is copied, so that it may change it afterwards, or given up. */
export function localChannel(): { page: MessagePort; host: MessagePort } {
  const [page, host] = [new LocalPort(), new LocalPort()];
  const { port1, port2 } = new MessageChannel();
  const answers: unknown[] = [];
  let open = true;
  page.send = (message, given = []) => {
    const copy = structuredClone(message, { transfer: given });
    queueMicrotask(() => {
      if (open || copy === "close") host.receive(copy);
    });
  };
  host.send = (message) => {
    if (!open) return;
    answers.push(message);
    port2.postMessage(null);
  };
  port1.onmessage = () => page.receive(answers.shift());
  page.closed = host.closed = () => {
    open = false;
    port1.close();
    port2.close();
  };
  return { page: page as never, host: host as never };
}
