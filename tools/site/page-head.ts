/** What Framework tells about a page: its title, and its front matter. */
interface Page {
  readonly title: string | null;
  readonly data: {readonly description?: unknown};
  readonly path: string;
}

const siteDescription = "A low-precision training lab that is read in a browser.";

/** Three bars that lose a bit at each step. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g fill="#1f5fc4"><rect x="1" y="1" width="3" height="14"/><rect x="6.5" y="5" width="3" height="10"/></g><rect x="12" y="11" width="3" height="4" fill="#b54a00"/></svg>`;

/** Icon, description and preview of a page, taken from its front matter. */
export function pageHead({title, data}: Page): string {
  const description = escapeAttribute(String(data.description ?? siteDescription));
  return [
    `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,${encodeURIComponent(icon)}">`,
    `<meta name="description" content="${description}">`,
    `<meta property="og:site_name" content="Bitscape">`,
    `<meta property="og:type" content="article">`,
    `<meta property="og:title" content="${escapeAttribute(title ?? "Bitscape")}">`,
    `<meta property="og:description" content="${description}">`,
    `<meta name="color-scheme" content="light dark">`,
  ].join("\n");
}

const escapeAttribute = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
