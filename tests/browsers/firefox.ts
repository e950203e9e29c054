// Firefox by WebDriver BiDi.

import { launch } from "puppeteer-core";
import type { KeyInput } from "puppeteer-core";

import { find } from "../e2e/support/find";
import type { Tab } from "./tab";

export async function firefox(): Promise<Tab> {
  const browser = await launch({
    browser: "firefox",
    executablePath: find("firefox-esr", "firefox"),
    headless: true,
    args: ["--width=1280", "--height=900"],
    extraPrefsFirefox: { "intl.locale.requested": "en-US", "intl.accept_languages": "en-US" },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  return {
    goto: async (url) => void (await page.goto(url)),
    run: <T>(body: string, ...args: unknown[]) =>
      page.evaluate(
        (body, args) => new (Object.getPrototypeOf(async () => {}).constructor)("...args", body)(...args) as Promise<never>,
        body,
        args,
      ) as Promise<T>,
    press: (x, y) => page.mouse.click(x, y),
    async keys(...keys) {
      for (const key of keys) await page.keyboard.press(key as KeyInput);
    },
    close: () => browser.close(),
  };
}
