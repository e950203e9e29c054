/** Out of the page: the clipboard, files, addresses. */

import type { Store } from "../state/store.js";

/** The address of the page that links open in: this one where the playground is the page, else the frame's beside the script. */
export function pageAddress(store: Store): string {
  const here = new URL(store.wholePage.value ? location.href : import.meta.url);
  // This script lies in a folder beside it. Said so, and not as `new URL(name, import.meta.url)`: bundlers would copy a page without its script.
  if (!store.wholePage.value) here.pathname = here.pathname.replace(/[^/]*\/[^/]*$/, "embed.html");
  here.hash = here.search = "";
  return here.href;
}

/** The folder of what other pages embed: the script and the frame's page. */
export function embedFolder(store: Store): string {
  return new URL(store.wholePage.value ? "./v1/" : "./", pageAddress(store)).href;
}

/** False where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export async function copyImage(image: Blob): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ [image.type]: image })]);
    return true;
  } catch {
    return false;
  }
}

export function download(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
