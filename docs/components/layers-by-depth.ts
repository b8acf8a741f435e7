/** The layers of the rows, each once, from the first to the last of the network. */
export function layersByDepth(rows: readonly {readonly layer: string; readonly depth: number}[]): string[] {
  const depths = new Map(rows.map(({layer, depth}) => [layer, depth]));
  return [...depths].sort(([, a], [, b]) => a - b).map(([layer]) => layer);
}
