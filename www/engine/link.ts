// The way to a host: a worker where one can be had, this thread where not.
// Rungs, each tried when the one before fails: worker from its address (same origin), worker from a Blob that
// imports the address (another origin), this thread (a page whose content security policy forbids workers).

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

interface SharedWorkerEntry {
  worker: Worker;
  thread: Thread;
  links: Set<Link>;
}

/** One worker for all engines of a page that name no other, by rung, name and address. */
const shared = new Map<string, Promise<SharedWorkerEntry>>();

/** Opens a session on the first rung that holds; rejects with `engine_unavailable` when none does. */
export async function openLink(settings: LinkSettings): Promise<Link> {
  const failures: string[] = [];
  if (settings.worker && typeof Worker !== "undefined") {
    for (const thread of ["worker", "blob_worker"] as const) {
      try {
        return await openInWorker(thread, settings);
      } catch (error) {
        failures.push(`${thread}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  try {
    return await openHere(settings);
  } catch (error) {
    failures.push(`main: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw engineError("engine_unavailable", "", `the engine could not be started (${failures.join("; ")})`, {
    message: failures.join("; "),
  });
}

async function openInWorker(thread: "worker" | "blob_worker", settings: LinkSettings): Promise<Link> {
  const key = `${thread} ${settings.workerName ?? ""} ${settings.workerUrl}`;
  let starting = shared.get(key);
  if (!starting) {
    starting = startWorker(thread, settings.workerUrl);
    shared.set(key, starting);
    starting.catch(() => shared.delete(key));
  }
  const entry = await starting;
  const { port1, port2 } = new MessageChannel();
  const link: Link = {
    thread,
    port: port1,
    onlost: () => {},
    close(broken = false) {
      if (broken && shared.get(key) === starting) shared.delete(key);
      port1.postMessage("close");
      port1.close();
      entry.links.delete(link);
      if (entry.links.size > 0) return;
      if (shared.get(key) === starting) shared.delete(key);
      entry.worker.terminate();
    },
  };
  entry.links.add(link);
  entry.worker.onerror = (event) => {
    if (shared.get(key) === starting) shared.delete(key);
    for (const lost of entry.links) lost.onlost(event.message);
  };
  const open: Open = { open: port2, settings: { wasmUrl: settings.wasmUrl, compilerUrl: settings.compilerUrl, gpuWasmUrl: settings.gpuWasmUrl, gpuModuleUrl: settings.gpuModuleUrl, digitsUrl: settings.digitsUrl } };
  entry.worker.postMessage(open, [port2]);
  try {
    await ready(port1);
  } catch (error) {
    link.close(true);
    throw error;
  }
  return link;
}

function startWorker(thread: "worker" | "blob_worker", url: string): Promise<SharedWorkerEntry> {
  return new Promise((resolve, reject) => {
    const fromBlob = thread === "blob_worker";
    // A classic script that imports, and no module: frames without an origin of their own are refused a module from a Blob.
    const text = `import(${JSON.stringify(url)}).catch((error) => postMessage({ failed: String(error) }));`;
    const address = fromBlob ? URL.createObjectURL(new Blob([text], { type: "text/javascript" })) : url;
    // Throws at once for another origin; fires `error` when the policy or the network says no.
    const worker = new Worker(address, { type: fromBlob ? "classic" : "module", name: "neural-playground" });
    const settled = () => {
      clearTimeout(timer);
      worker.onmessage = null;
      if (fromBlob) URL.revokeObjectURL(address);
    };
    const failed = (message: string) => {
      settled();
      worker.terminate();
      reject(new Error(message));
    };
    const timer = setTimeout(() => failed("the worker did not start in time"), START_MS);
    worker.onerror = (event) => failed(event.message || "the worker could not be loaded");
    worker.onmessage = ({ data }: MessageEvent<Ready>) => {
      if ("failed" in data) return failed(data.failed);
      settled();
      resolve({ worker, thread, links: new Set() });
    };
  });
}

async function openHere(settings: LinkSettings): Promise<Link> {
  const [{ serve }, { localChannel }] = await Promise.all([import("./serve"), import("./local-port")]);
  const { page, host } = localChannel();
  void serve(host, settings);
  await ready(page);
  return {
    thread: "main",
    port: page,
    onlost: () => {},
    close() {
      page.postMessage("close");
      page.close();
    },
  };
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
