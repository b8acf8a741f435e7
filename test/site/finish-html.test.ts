import {expect, it} from "vitest";
import {finishHtml} from "../../tools/site/finish-html.js";

const page = `<!DOCTYPE html>
<html>
<head>
<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">
</head>
<body>
<main id="observablehq-main" class="observablehq">
<p>Text</p></main>
</body>
</html>`;

it("finishHtml names the language, allows zooming and speaks to readers without scripts", () => {
  const html = finishHtml(page);
  expect(html).toContain('<html lang="en">');
  expect(html).toContain('content="width=device-width, initial-scale=1"');
  expect(html).toMatch(/<main [^>]*>\n<noscript>.*<\/noscript>\n<p>Text/);
});
