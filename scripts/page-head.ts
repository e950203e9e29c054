// What other places show of a link to the page: its card (Open Graph), and for those that ask, the frame to put in its place (oEmbed).
// Both want whole addresses, so they are written where the build is told of its own: SITE_URL=https://example.org/playground/.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { HtmlTagDescriptor, Plugin } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PICTURE = { file: "preview.png", from: "docs/screenshots/desktop-light.png" };

/** The answer that a provider of oEmbed gives for the page, the same for every link to it. */
export function oembed(site: string, title: string): object {
  const [width, height] = [960, 640];
  const html = `<iframe src="${new URL("v1/embed.html", site).href}" width="${width}" height="${height}" style="width: 100%; border: 0" sandbox="allow-scripts allow-same-origin" loading="lazy" title="${title}"></iframe>`;
  return { version: "1.0", type: "rich", provider_name: title, provider_url: site, title, width, height, html, thumbnail_url: new URL(PICTURE.file, site).href, thumbnail_width: 1440, thumbnail_height: 900 };
}

export function pageHead(address = process.env["SITE_URL"]): Plugin {
  const site = address ? `${address.replace(/\/*$/, "")}/` : null;
  let title = "";
  return {
    name: "page-head",
    apply: "build",
    transformIndexHtml(html) {
      title = /<title>([^<]*)/.exec(html)![1]!;
      const description = /<meta name="description" content="([^"]*)"/.exec(html)![1]!;
      const meta = (property: string, content: string): HtmlTagDescriptor => ({ tag: "meta", attrs: { property, content }, injectTo: "head" });
      const card = [meta("og:title", title), meta("og:description", description), meta("og:type", "website")];
      if (!site) return card;
      const oembedAddress = new URL("oembed.json", site).href;
      return [
        ...card, meta("og:url", site), meta("og:image", new URL(PICTURE.file, site).href),
        { tag: "meta", attrs: { name: "twitter:card", content: "summary_large_image" }, injectTo: "head" },
        { tag: "link", attrs: { rel: "canonical", href: site }, injectTo: "head" },
        { tag: "link", attrs: { rel: "alternate", type: "application/json+oembed", href: oembedAddress, title }, injectTo: "head" },
      ];
    },
    generateBundle() {
      if (!site) return;
      this.emitFile({ type: "asset", fileName: PICTURE.file, source: readFileSync(resolve(root, PICTURE.from)) });
      this.emitFile({ type: "asset", fileName: "oembed.json", source: `${JSON.stringify(oembed(site, title), null, 2)}\n` });
    },
  };
}
