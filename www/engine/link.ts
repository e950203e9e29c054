// The way to a host: a worker where one can be had, this thread where not.
// Rungs, each tried when the one before fails: worker from its address (same origin), worker from a Blob that
// imports the address (another origin), this thread (a page whose content security policy forbids workers).

import { TooLate, bounded } from "./bounded";
import { engineError } from "./errors";
import type { HostSettings, Open, Ready } from "./protocol";

/** Where the engine runs. */
export type Thread = "worker" | "blob_worker" | "main";

export interface Link {
  readonly thread: Thread;
  readonly port: MessagePort;
  /** Called when the worker as a whole fails. */
  onlost: (message: string) => void;
  /** Lets go of the worker. `broken`: no new engine may be put there. */
  close(broken?: boolean): void;
}

export interface LinkSettings extends HostSettings {
  workerUrl: string;
  worker: boolean;
  /** Engines of one page share a worker unless they name different ones: a study's do, to use every core. */
  workerName?: string;
}

/** A worker that never says that it runs (a hung download) is given up after this. */
const START_MS = 20_000;
/** So is an engine whose module never comes. Nothing else would bring it, so no other rung is tried. */
const READY_MS = 60_000;

interface SharedWorker {
  /** Settles when it runs, or does not. */
  started: Promise<void>;
  /** Who needs it, from the moment it is asked for: the last one to go ends it. */
  links: Set<Link>;
  worker: Worker;
  end(): void;
}

/** One worker for all engines of a page that name no other, by rung, name and address. */
const shared = new Map<string, SharedWorker>();

/**
 * Opens a session on the first rung that holds; rejects with `engine_unavailable` when none does, and with the signal's reason when that
 * comes first. Whatever becomes of it, no worker stays behind.
 */
export async function openLink(settings: LinkSettings, signal?: AbortSignal): Promise<Link> {
  const failures: string[] = [];
  const rungs: Thread[] = settings.worker && typeof Worker !== "undefined" ? ["worker", "blob_worker", "main"] : ["main"];
  for (const thread of rungs) {
    try {
      return await (thread === "main" ? openHere(settings, signal) : openInWorker(thread, settings, signal));
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${thread}: ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof TooLate) break;
    }
  }
  throw engineError("engine_unavailable", "", `the engine could not be started (${failures.join("; ")})`, {
    message: failures.join("; "),
  });
}

async function openInWorker(thread: "worker" | "blob_worker", settings: LinkSettings, signal?: AbortSignal): Promise<Link> {
  const key = `${thread} ${settings.workerName ?? ""} ${settings.workerUrl}`;
  let entry = shared.get(key);
  if (!entry) shared.set(key, (entry = startWorker(thread, settings.workerUrl)));
  const { links, started, worker, end } = entry;
  const forget = () => {
    if (shared.get(key)?.links === links) shared.delete(key);
  };
  const { port1, port2 } = new MessageChannel();
  const link: Link = {
    thread,
    port: port1,
    onlost: () => {},
    close(broken = false) {
      if (broken) forget();
      port1.postMessage("close");
      port1.close();
      if (!links.delete(link) || links.size > 0) return;
      forget();
      end();
    },
  };
  // Now, and not when it runs: who leaves meanwhile must not take the worker away.
  links.add(link);
  try {
    await bounded(started, signal);
    worker.onerror = (event) => {
      forget();
      for (const lost of [...links]) lost.onlost(event.message);
    };
    const { wasmUrl, compilerUrl, gpuWasmUrl, gpuModuleUrl, digitsUrl } = settings;
    worker.postMessage({ open: port2, settings: { wasmUrl, compilerUrl, gpuWasmUrl, gpuModuleUrl, digitsUrl } } satisfies Open, [port2]);
    const lost = new Promise<never>((_, reject) => {
      link.onlost = (message) => reject(new Error(message));
    });
    await bounded(Promise.race([ready(port1), lost]), signal, READY_MS);
  } catch (error) {
    // Who only changed their mind leaves a good worker to the others.
    link.close(!signal?.aborted);
    throw error;
  }
  return link;
}

function startWorker(thread: "worker" | "blob_worker", url: string): SharedWorker {
  const fromBlob = thread === "blob_worker";
  // A classic script that imports, and no module: frames without an origin of their own are refused a module from a Blob.
  const text = `import(${JSON.stringify(url)}).catch((error) => postMessage({ failed: String(error) }));`;
  const address = fromBlob ? URL.createObjectURL(new Blob([text], { type: "text/javascript" })) : url;
  // Throws at once for another origin; fires `error` when the policy or the network says no.
  const worker = new Worker(trusted(address), { type: fromBlob ? "classic" : "module", name: "neural-playground" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settled = () => {
    clearTimeout(timer);
    worker.onmessage = null;
    if (fromBlob) URL.revokeObjectURL(address);
  };
  const end = () => {
    settled();
    worker.terminate();
  };
  const started = new Promise<void>((resolve, reject) => {
    const failed = (message: string) => {
      end();
      reject(new Error(message));
    };
    timer = setTimeout(() => failed("the worker did not start in time"), START_MS);
    worker.onerror = (event) => failed(event.message || "the worker could not be loaded");
    worker.onmessage = ({ data }: MessageEvent<Ready>) => {
      if ("failed" in data) return failed(data.failed);
      settled();
      resolve();
    };
  });
  // Whoever waits is told; where nobody does any more there is nothing to tell.
  started.catch(() => {});
  return { worker, started, links: new Set(), end };
}

/** The only text of ours that a browser may want a policy for (trusted types), beside Lit's. Null where the page forbids this one: then so is the worker. */
let policy: { createScriptURL(url: string): string } | null | undefined;

function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): NonNullable<typeof policy> } };
  if (policy === undefined && trustedTypes) {
    try {
      policy = trustedTypes.createPolicy("neural-playground", { createScriptURL: (url: string) => url });
    } catch {
      policy = null;
    }
  }
  return policy?.createScriptURL(address) ?? address;
}

async function openHere(settings: LinkSettings, signal?: AbortSignal): Promise<Link> {
  const [{ serve }, { localChannel }] = await Promise.all([import("./serve"), import("./local-port")]);
  signal?.throwIfAborted();
  const { page, host } = localChannel();
  const close = () => {
    page.postMessage("close");
    page.close();
  };
  void serve(host, settings);
  try {
    await bounded(ready(page), signal, READY_MS);
  } catch (error) {
    close();
    throw error;
  }
  return { thread: "main", port: page, onlost: () => {}, close };
}

/** Resolves when the host on the other side has its session. */
function ready(port: MessagePort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<Ready>) => {
      port.onmessage = null;
      if ("ready" in data) resolve();
      else reject(new Error(data.failed));
    };
  });
}
