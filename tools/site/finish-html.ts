/** Shown to readers without scripts, whose figures stay empty. */
const withoutScripts =
  "<noscript><p>The figures and controls of this page are drawn by JavaScript, which is switched off here.</p></noscript>";

/**
 * What Framework's pages lack and has no option for: a language, zooming on phones, a word to readers without scripts,
 * and a left column that assistive technology can name. The switch of that column moves with it into one landmark;
 * style.css has the rules that Framework ties to the switch being beside the page.
 */
export function finishHtml(html: string): string {
  return html
    .replace("<html>", '<html lang="en">')
    .replace(/(<meta name="viewport" content="[^"]*?), *maximum-scale=1"/, '$1"')
    .replace(/<main [^>]*>/, (main) => `${main}\n${withoutScripts}`)
    .replace(
      /<input id="observablehq-sidebar-toggle".*?<\/nav>/s,
      (column) => `<nav id="bitscape-navigation" aria-label="Pages">\n${finishColumn(column)}\n</nav>`,
    )
    .replace(/(<aside id="observablehq-toc"[^>]*>\s*<nav)>/, '$1 aria-label="On this page">')
    .replace(/(<footer id="observablehq-footer">\s*<nav)>/, '$1 aria-label="Neighbouring pages">');
}

function finishColumn(column: string): string {
  return column
    .replace('type="checkbox"', 'type="checkbox" aria-label="Show the list of pages"')
    .replace('<nav id="observablehq-sidebar">', '<div id="observablehq-sidebar">')
    .replace(/<label id="observablehq-sidebar-close".*?<\/label>/, "<li>$&</li>")
    .replace('placeholder="Search"', 'placeholder="Search" aria-label="Search"')
    .replace(/<\/nav>$/, "</div>");
}
