import katex from "katex";
import {failure} from "../../src/errors.js";

/** The parts of markdown-it that this plugin touches; Framework hands over its own instance. */
interface MarkdownIt {
  readonly inline: {
    readonly ruler: {before(other: string, name: string, rule: InlineRule): void};
  };
  readonly renderer: {readonly rules: Record<string, RenderRule | undefined>};
}

interface InlineState {
  readonly src: string;
  readonly posMax: number;
  pos: number;
  push(type: string, tag: string, nesting: number): Token;
}

interface Token {
  content: string;
  block: boolean;
  info: string;
}

type InlineRule = (state: InlineState, silent: boolean) => boolean;
/** What Framework knows while it renders a page. */
interface Context {
  readonly path: string;
}

type RenderRule = (
  tokens: Token[],
  index: number,
  options: unknown,
  context: Context,
  self: unknown,
) => string;

/**
 * Renders `$…$` and `$$…$$` (and blocks tagged `tex`) to MathML while the page is built, so that readers need neither a
 * script nor a font. Malformed TeX fails the build. `${` is left to Framework: it begins an inline expression.
 */
export function renderMath<M extends MarkdownIt>(md: M): M {
  md.inline.ruler.before("escape", "math", math);
  md.renderer.rules.math = (tokens, index, _, context) =>
    toMathML(tokens[index].content, tokens[index].block, context);
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, options, context, self) =>
    tokens[index].info.trim() === "tex"
      ? `<p>${toMathML(tokens[index].content, true, context)}</p>\n`
      : fence(tokens, index, options, context, self);
  return md;
}

const math: InlineRule = (state, silent) => {
  const found = findMath(state.src.slice(state.pos, state.posMax));
  if (!found) return false;
  if (!silent) {
    const token = state.push("math", "math", 0);
    token.content = found.tex;
    token.block = found.isDisplay;
  }
  state.pos += found.length;
  return true;
};

/** Math at the start of a text. As in pandoc, `$` next to a space, or closing before a digit, is a dollar sign. */
export function findMath(text: string): {tex: string; isDisplay: boolean; length: number} | undefined {
  const display = /^\$\$(?!\{)((?:\\[\s\S]|[^$\\])+)\$\$/.exec(text);
  if (display) return {tex: display[1].trim(), isDisplay: true, length: display[0].length};
  const inline = /^\$(?![\s${])((?:\\[\s\S]|[^$\\])+?)(?<!\s)\$(?!\d)/.exec(text);
  return inline ? {tex: inline[1], isDisplay: false, length: inline[0].length} : undefined;
}

/** Displayed math scrolls when it is wider than the page, so it has to be reachable by keyboard. */
function toMathML(tex: string, displayMode: boolean, {path}: Context): string {
  try {
    const html = katex.renderToString(tex, {output: "mathml", displayMode, throwOnError: true});
    return displayMode ? html.replace('class="katex"', 'class="katex displayed-math" tabindex="0"') : html;
  } catch (error) {
    throw failure(`docs${path}.md: ${(error as Error).message}`);
  }
}
