import {expect} from "vitest";

/** Compares a chart with the one in test/output, as text with numbers of three decimals. `vitest -u` writes it anew. */
export async function expectDrawing(chart: Element, name: string): Promise<void> {
  const text = chart.outerHTML
    .replace(/-?\d+\.\d{4,}(e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(3))))
    .replace(/></g, ">\n<");
  await expect(`${text}\n`).toMatchFileSnapshot(`../../output/docs/components/${name}.svg`);
}
