import type {SurfaceTexts} from "./surface-state.js";

/** Code that shows a surface on another page; `site` is the address of the site's root. */
export function surfaceEmbed(site: string, texts: Partial<SurfaceTexts>): string {
  const attributes = Object.entries(texts)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ` ${name}="${value}"`);
  return [
    `<script type="module" src="${new URL("embed/surface.js", site).href}"></script>`,
    `<bitscape-surface${attributes.join("")}></bitscape-surface>`,
  ].join("\n");
}
