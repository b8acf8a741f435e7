/** Row numbers (from 1) as one short word for the address: "3-7.12"; empty where there are none. */
export function rowListText(rows: Iterable<number>): string {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const row of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === row - 1) last[1] = row;
    else ranges.push([row, row]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(".");
}

/** Longest word that is read: what an address can hold. */
const longestText = 2000;

/** Whether a text is such a list. */
export const isRowList = (text: string): boolean =>
  text.length <= longestText &&
  /^([1-9]\d{0,6}(-[1-9]\d{0,6})?(\.[1-9]\d{0,6}(-[1-9]\d{0,6})?)*)?$/.test(text);

/** The rows of a list, at most as many as the table has: an address may ask for a range that no table could hold. */
export function rowsOfList(text: string, rows: number): Set<number> {
  const found = new Set<number>();
  if (text === "") return found;
  for (const range of text.split(".")) {
    const [from, to = from] = range.split("-").map(Number);
    for (let row = from; row <= Math.min(to, rows); row++) found.add(row);
  }
  return found;
}
