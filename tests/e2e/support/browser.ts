// The system's Chromium, with the flags that the engine's own browser tests use.

import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

import { find } from "./find";
import { Playground } from "./playground";

const root = new URL("../../../", import.meta.url);

/**
 * With WebGPU on its software adapter, or as a browser without any. With one, the page tries it in every visit: the processor compiles shaders and
 * draws everything through them, which takes as long as all else that a test does.
 */
export function launch({ webgpu, flags = [] }: { webgpu: boolean; flags?: readonly string[] }): Promise<Browser> {
  const driver = JSON.parse(readFileSync(new URL("webdriver.json", root), "utf8")) as {
    "goog:chromeOptions": { args: string[] };
  };
  const usual = driver["goog:chromeOptions"].args.filter((flag) => !flag.startsWith("--headless"));
  const drawing = webgpu ? usual : [...usual.filter((flag) => !/gpu|vulkan/i.test(flag)), "--disable-gpu"];
  // Full Chromium in the new headless mode; the headless shell has no WebGPU.
  return chromium.launch({ executablePath: find("chromium"), headless: false, args: ["--headless=new", ...drawing, ...flags] });
}

export type Language = "en" | "zh-CN";
export const LANGUAGES: readonly Language[] = ["en", "zh-CN"];

/** The page's own words, so that no test repeats a sentence. */
export function words(language: Language): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`www/i18n/${language}.json`, root), "utf8")) as Record<string, string>;
}

export interface Opening extends BrowserContextOptions {
  /** What is done before the page is opened. */
  prepare?: (page: Page) => Promise<unknown>;
}

export interface Visitor {
  context: BrowserContext;
  /** What pages wrote as errors, and exceptions that nobody caught. */
  errors: string[];
  /** The exceptions alone. */
  thrown: string[];
}

export interface Opened extends Visitor {
  page: Page;
  playground: Playground;
  /** Milliseconds of each task of the main thread over 50 ms since the page opened. */
  longTasks(): Promise<{ start: number; duration: number }[]>;
  /** Before the test ends, which closes it too. */
  close(): Promise<void>;
}

declare global {
  interface Window {
    longTasks: { start: number; duration: number }[];
  }
}

/** An empty profile. */
export async function context(browser: Browser, options: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", ...options });
  const errors: string[] = [];
  const thrown: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  context.on("weberror", (error) => {
    errors.push(String(error.error()));
    thrown.push(String(error.error()));
  });
  // What compiles these tests names functions by a helper that a page does not have.
  await context.addInitScript("globalThis.__name = (named) => named");
  return { context, errors, thrown };
}

export async function open(browser: Browser, address: string, { prepare, ...options }: Opening = {}): Promise<Opened> {
  // Every test visits for the first time; tests/e2e/offline.spec.ts has the second visit.
  const visitor = await context(browser, { serviceWorkers: "block", ...options });
  try {
    const page = await visitor.context.newPage();
    await page.addInitScript(() => {
      window.longTasks = [];
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ start: startTime, duration });
      }).observe({ type: "longtask", buffered: true });
    });
    await prepare?.(page);
    await page.goto(address);
    return {
      ...visitor,
      page,
      playground: new Playground(page),
      longTasks: () => page.evaluate(() => window.longTasks),
      close: () => visitor.context.close(),
    };
  } catch (error) {
    await visitor.context.close();
    throw error;
  }
}

/** Keeps a picture in test-results/. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = fileURLToPath(new URL("test-results/screenshots/", root));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
}
