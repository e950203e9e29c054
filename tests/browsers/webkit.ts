// WebKitGTK, the engine of Safari, by WebDriver: MiniBrowser on a display of its own.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { find } from "../e2e/support/find";
import type { Tab } from "./tab";

/** WebDriver's code points for keys without a character of their own. */
const KEYS: Record<string, string> = {
  Enter: "\uE007",
  Tab: "\uE004",
  Escape: "\uE00C",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
};

/** A session that is slow to start is given up after this. */
const START_MS = 30_000;

export async function webkit(): Promise<Tab> {
  const port = await freePort();
  const driver = spawn(find("xvfb-run"), ["-a", "-s", "-screen 0 1400x1000x24", find("WebKitWebDriver"), `--port=${port}`], {
    stdio: "ignore",
    detached: true,
    // The sandbox of WebKit's processes needs privileges that containers lack; pages of this test come from this machine.
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LANGUAGE: "en_US", LANG: "en_US.UTF-8", LC_ALL: "en_US.UTF-8" },
  });
  const base = `http://127.0.0.1:${port}`;
  try {
    await answering(base, driver);
    const { sessionId } = await call<{ sessionId: string }>(base, "POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } } },
    });
    const session = `/session/${sessionId}`;
    const ask = <T>(method: string, path: string, body?: unknown) => call<T>(base, method, session + path, body);
    await ask("POST", "/timeouts", { script: 120_000, pageLoad: 60_000 });
    await ask("POST", "/window/rect", { width: 1280, height: 960 });
    const run = async <T>(body: string, ...args: unknown[]): Promise<T> => {
      const answer = await ask<{ value?: T; error?: string }>("POST", "/execute/async", {
        script: `const [body, args, done] = arguments;
          new (Object.getPrototypeOf(async () => {}).constructor)("...args", body)(...args)
            .then((value) => done({ value }), (error) => done({ error: String(error) + "\\n" + (error.stack ?? "") }));`,
        args: [body, args],
      });
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value as T;
    };
    return {
      goto: (url) => ask("POST", "/url", { url }),
      run,
      async press(x, y) {
        const actions = [
          { type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y), origin: "viewport" },
          { type: "pointerDown", button: 0 },
          { type: "pointerUp", button: 0 },
        ];
        await ask("POST", "/actions", { actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }] });
      },
      async keys(...keys) {
        for (const key of keys) {
          const value = KEYS[key] ?? key;
          const actions = [{ type: "keyDown", value }, { type: "keyUp", value }];
          await ask("POST", "/actions", { actions: [{ type: "key", id: "keys", actions }] });
        }
      },
      async close() {
        await ask("DELETE", "").catch(() => {});
        end(driver);
      },
    };
  } catch (error) {
    end(driver);
    throw error;
  }
}

async function call<T>(base: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(base + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}

async function answering(base: string, driver: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`);
    try {
      await fetch(`${base}/status`);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** MiniBrowser lies among WebKit's own libraries, under a name that tells its version. */
function miniBrowser(): string {
  for (const machine of readdirSync("/usr/lib")) {
    for (const version of ["4.1", "6.0", "4.0"]) {
      const folder = `/usr/lib/${machine}/webkit2gtk-${version}`;
      try {
        if (readdirSync(folder).includes("MiniBrowser")) return `${folder}/MiniBrowser`;
      } catch {
        // Not this one.
      }
    }
  }
  throw new Error("not installed: MiniBrowser");
}

/** With all that it started. */
function end(driver: ChildProcess): void {
  try {
    process.kill(-driver.pid!, "SIGTERM");
  } catch {
    // It has ended already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
