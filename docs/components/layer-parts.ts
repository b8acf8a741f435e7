/** "block 2 mlp up" is the part "mlp up" of "block 2"; a layer outside the blocks is a part by itself. */
export function layerParts(layer: string): {block: string | null; part: string} {
  const match = /^(block \d+) (.+)$/.exec(layer);
  return match ? {block: match[1], part: match[2]} : {block: null, part: layer};
}
