/** Rows and columns of the picture, without its axes. */
const [height, width] = [10, 60];

/**
 * Two curves as text: `a` and `b` where one passes, `*` where both do. Each column stands for a range of steps and shows
 * the mean of its losses; there are no more columns than steps.
 * @param curves losses of each step, from the first one on
 */
export function curvePicture(a: readonly number[], b: readonly number[]): string {
  const steps = Math.max(a.length, b.length);
  const columns = Math.min(width, steps);
  const means = [a, b].map((curve) => columnMeans(curve, steps, columns));
  const values = means.flat().filter(Number.isFinite);
  if (values.length === 0) return "";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rowOf = (value: number) =>
    high > low ? Math.round(((high - value) / (high - low)) * (height - 1)) : height - 1;
  const rows = Array.from({length: height}, () => Array<string>(columns).fill(" "));
  for (const [index, mark] of ["a", "b"].entries()) {
    for (const [column, value] of means[index].entries()) {
      if (!Number.isFinite(value)) continue;
      const row = rows[rowOf(value)];
      row[column] = row[column] === " " ? mark : "*";
    }
  }
  const labels = rows.map((_, row) =>
    row === 0 ? high.toFixed(3) : row === height - 1 ? low.toFixed(3) : "",
  );
  const labelWidth = Math.max(...labels.map(({length}) => length));
  const body = rows.map((row, index) => `${labels[index].padStart(labelWidth)} │${row.join("").trimEnd()}`);
  const axis = `${" ".repeat(labelWidth)} └${"─".repeat(columns)}`;
  const last = String(steps);
  const steps1 = `${" ".repeat(labelWidth + 2)}1${last.padStart(Math.max(columns - 1, last.length + 1))}  step`;
  return [...body, axis, steps1].join("\n");
}

/** NaN where a curve has ended. */
function columnMeans(curve: readonly number[], steps: number, columns: number): number[] {
  return Array.from({length: columns}, (_, column) => {
    const part = curve.slice(
      Math.floor((column * steps) / columns),
      Math.floor(((column + 1) * steps) / columns),
    );
    return part.length === 0 ? Number.NaN : part.reduce((sum, loss) => sum + loss, 0) / part.length;
  });
}
