import {readFileSync} from "node:fs";
import {relative} from "node:path";
import {type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, visit} from "yaml";
import {failure, usageError} from "../errors.js";
import {fileProblem} from "./file-problem.js";

/** A YAML file with the places of its parts, so that errors can point at the line. */
export interface YamlSource {
  /** Path as people know it. */
  readonly file: string;
  readonly value: unknown;
  /** `file:line` of the key or the list item that the path leads to, or `file` where there is none. */
  readonly where: (path: readonly (string | number)[]) => string;
}

/** @throws a one-line error when the file cannot be read or is not YAML */
export function readYaml(path: string): YamlSource {
  const file = shortPath(path);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw failure(`cannot read ${file}: ${fileProblem(error)}`);
  }
  return parseYaml(text, file);
}

/** @throws a one-line error that names the line when the text is not YAML */
export function parseYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false});
  const placeOf = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  const keyAt = (offset: number) => /^[^:\s]*/.exec(text.slice(offset))?.[0];
  const [problem] = document.errors;
  if (problem) {
    const offset = problem.pos[0];
    const message = {
      DUPLICATE_KEY: `${keyAt(offset)}: the key stands here for the second time`,
      MULTIPLE_DOCS: "one document is expected, and another begins here",
    }[problem.code as string];
    throw usageError(`${placeOf(offset)}: ${message ?? problem.message}`);
  }
  const badAlias = findAlias(document);
  if (badAlias)
    throw usageError(`${placeOf(badAlias.offset)}: there is no anchor &${badAlias.name} before it`);

  const where = (path: readonly (string | number)[]): string => {
    let node: unknown = document.contents;
    let offset: number | undefined;
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find(({key}) => isScalar(key) && String(key.value) === part);
        offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
        node = pair?.value;
      } else if (isSeq(node)) {
        node = node.items[Number(part)];
        offset = (node as {range?: [number, number, number]} | undefined)?.range?.[0];
      } else break;
    }
    return offset === undefined ? file : placeOf(offset);
  };
  return {file, value: document.toJS(), where};
}

/** The first alias whose anchor is not there. */
function findAlias(document: Document): {readonly name: string; readonly offset: number} | undefined {
  let found: {readonly name: string; readonly offset: number} | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      found = {name: alias.source, offset: alias.range?.[0] ?? 0};
      return visit.BREAK;
    },
  });
  return found;
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}
