// The pictures of the README, taken from the built page: `make screenshots`.

import { execSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { preview } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "docs/screenshots");
mkdirSync(folder, { recursive: true });
const server = await preview({ root, preview: { port: 0 } });
const address = server.resolvedUrls.local[0];
const executablePath = execSync("command -v chromium", { shell: "/bin/bash" }).toString().trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--headless=new", "--disable-background-networking"] });

async function take(name, { width, height, scheme, locale, digits = false, fullPage = false }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, locale });
  await page.goto(address);
  const part = (id) => page.getByTestId(id).first();
  await part("play").waitFor();
  if (digits) {
    await part("dataset-digits").click();
    await part("digits-wrong").waitFor();
    await part("play").click();
    await part("metric-test-accuracy").waitFor({ timeout: 120_000 });
    const pad = page.locator("np-drawing-pad canvas").first();
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    const stroke = [[0.36, 0.3], [0.5, 0.22], [0.64, 0.3], [0.6, 0.45], [0.48, 0.6], [0.36, 0.76], [0.5, 0.76], [0.68, 0.76]];
    for (const [index, [x, y]] of stroke.entries()) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 6 });
      if (index === 0) await page.mouse.down();
    }
    await page.mouse.up();
  } else {
    await part("play").click();
    await page.waitForTimeout(2500);
    await part("play").click();
  }
  // Pressing a button may have brought it into view.
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.mouse.move(1, 1);
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  await page.close();
}

// Each README has its own language's, under the same names.
const desktop = { width: 1440, height: 900 };
for (const [locale, ending] of [["en", ""], ["zh-CN", "-zh"]]) {
  await take(`desktop-light${ending}`, { ...desktop, scheme: "light", locale });
  await take(`desktop-dark${ending}`, { ...desktop, scheme: "dark", locale });
  await take(`phone-light${ending}`, { width: 390, height: 844, scheme: "light", locale });
  await take(`digits-light${ending}`, { ...desktop, scheme: "light", locale, digits: true, fullPage: true });
}
await browser.close();
await server.close();
