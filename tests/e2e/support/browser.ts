// The system's Chromium, with the flags that the engine's own browser tests use.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const root = new URL("../../../", import.meta.url);

export function launch(...flags: string[]): Promise<Browser> {
  const driver = JSON.parse(readFileSync(new URL("webdriver.json", root), "utf8")) as {
    "goog:chromeOptions": { args: string[] };
  };
  const args = driver["goog:chromeOptions"].args.filter((flag) => !flag.startsWith("--headless"));
  const executablePath = execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
  // Full Chromium in the new headless mode; the headless shell has no WebGPU.
  return chromium.launch({ executablePath, headless: false, args: ["--headless=new", ...args, ...flags] });
}

export type Language = "en" | "zh-CN";
export const LANGUAGES: readonly Language[] = ["en", "zh-CN"];

/** The page's own words, so that no test repeats a sentence. */
export function words(language: Language): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`www/i18n/${language}.json`, root), "utf8")) as Record<string, string>;
}

export interface Watched {
  page: Page;
  /** What the page wrote as errors, and exceptions that nobody caught. */
  errors: string[];
  /** Milliseconds of each task of the main thread over 50 ms since the page opened. */
  longTasks(): Promise<{ start: number; duration: number }[]>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    longTasks: { start: number; duration: number }[];
  }
}

export async function open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Watched> {
  // Every test visits for the first time; tests/e2e/offline.spec.ts has the second visit.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ start: startTime, duration });
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(address);
  return {
    page,
    errors,
    longTasks: () => page.evaluate(() => window.longTasks),
    close: () => context.close(),
  };
}

/** Keeps a picture in test-results/. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = fileURLToPath(new URL("test-results/screenshots/", root));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
}
