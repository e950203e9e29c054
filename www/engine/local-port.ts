// The way between a page and a host in the same thread: messages are handed over instead of being copied by the browser,
// which for maps costs more than computing them. Every few milliseconds an answer comes as a task of its own, so that a page
// that asks in a loop goes on painting.

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

/** Answers follow each other at once for so long, milliseconds; then a task of the browser's comes in between. */
const STRETCH_MS = 4;

/** The page's end and the host's. What the page sends is copied, so that it may change it afterwards, or given up. */
export function localChannel(): { page: MessagePort; host: MessagePort } {
  const [page, host] = [new LocalPort(), new LocalPort()];
  const { port1, port2 } = new MessageChannel();
  const answers: unknown[] = [];
  let open = true;
  /** Answers that come as tasks; others wait behind them. */
  let tasks = 0;
  let lastTask = -Infinity;
  const answer = () => {
    const message = answers.shift();
    if (open) page.receive(message);
  };
  page.send = (message, given = []) => {
    // What is given up comes back with the answer: taking it away from this same thread would cost a picture a tenth of its time.
    const copy = given.length > 0 ? message : structuredClone(message);
    queueMicrotask(() => {
      if (open || copy === "close") host.receive(copy);
    });
  };
  host.send = (message) => {
    if (!open) return;
    answers.push(message);
    if (tasks === 0 && performance.now() - lastTask < STRETCH_MS) queueMicrotask(answer);
    else {
      tasks += 1;
      port2.postMessage(null);
    }
  };
  port1.onmessage = () => {
    tasks -= 1;
    lastTask = performance.now();
    answer();
  };
  page.closed = host.closed = () => {
    open = false;
    port1.close();
    port2.close();
  };
  return { page: page as never, host: host as never };
}
