// A playground in a tab, as a visitor has it: by test id, through the element's shadow root.

import assert from "node:assert/strict";

import type { Tab } from "./tab";

const PART = `const element = document.querySelector("neural-playground");
  const all = (root, wanted) => root === null ? [] : [...root.querySelectorAll("*")].flatMap((each) =>
    [...(each.matches(wanted) ? [each] : []), ...(each.shadowRoot ? all(each.shadowRoot, wanted) : [])]);
  const part = (id) => all(element?.shadowRoot ?? null, '[data-testid="' + id + '"]')[0] ?? null;`;

export class Figure {
  constructor(readonly tab: Tab) {}

  /** The body of an async function with \`element\` and \`part(id)\`. */
  ask<T>(body: string, ...args: unknown[]): Promise<T> {
    return this.tab.run<T>(`${PART}\n${body}`, ...args);
  }

  async appears(id: string): Promise<void> {
    await this.waits(`${id} to appear`, () => this.ask<boolean>("const found = part(args[0]); return found !== null && !found.disabled", id), Boolean);
  }

  /** At its middle, with the pointer, where a visitor would. */
  async press(id: string): Promise<void> {
    const { x, y, hit } = await this.ask<{ x: number; y: number; hit: boolean }>(
      `const found = part(args[0]);
       found.scrollIntoView({ block: "center" });
       await new Promise(requestAnimationFrame);
       const { x, y, width, height } = found.getBoundingClientRect();
       const at = { x: x + width / 2, y: y + height / 2 };
       const top = element.shadowRoot.elementFromPoint(at.x, at.y);
       return { ...at, hit: found === top || found.contains(top) };`,
      id,
    );
    assert.ok(hit, `${id} is not covered`);
    await this.tab.press(x, y);
  }

  focus(id: string): Promise<void> {
    return this.ask("part(args[0]).focus()", id);
  }

  async number(id: string): Promise<number> {
    const text = await this.ask<string>("return part(args[0])?.innerText ?? ''", id);
    return Number.parseFloat(text.replace(/[,\s]/g, "").replace("−", "-"));
  }

  until(id: string, holds: (value: number) => boolean): Promise<number> {
    return this.waits(id, () => this.number(id), holds);
  }

  /** The figure once it has stood still for half a second. */
  async resting(id: string): Promise<number> {
    let last = Number.NaN;
    return this.waits(`${id} to rest`, async () => {
      const before = last;
      last = await this.number(id);
      await new Promise((done) => setTimeout(done, 500));
      return before === last ? last : Number.NaN;
    }, Number.isFinite);
  }

  pixels(id: string): Promise<string> {
    return this.ask("const found = part(args[0]); return [...all(found, 'canvas'), ...all(found.shadowRoot, 'canvas')].map((canvas) => canvas.toDataURL()).join()", id);
  }

  private async waits<T>(what: string, look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const value = await look();
      if (holds(value)) return value;
      assert.ok(Date.now() < deadline, `${what}: still ${String(value)} after a minute`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
