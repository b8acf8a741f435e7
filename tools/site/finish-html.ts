/** Shown to readers without scripts, whose figures stay empty. */
const withoutScripts =
  "<noscript><p>The figures and controls of this page are drawn by JavaScript, which is switched off here.</p></noscript>";

/** What Framework's pages lack and has no option for: a language, zooming on phones, a word to those without scripts. */
export function finishHtml(html: string): string {
  return html
    .replace(/<html>/, '<html lang="en">')
    .replace(/(<meta name="viewport" content="[^"]*?), *maximum-scale=1"/, '$1"')
    .replace(/(<main [^>]*>)/, `$1\n${withoutScripts}`);
}
