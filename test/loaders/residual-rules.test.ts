import {expect, it} from "vitest";
import type {ResidualRow} from "../../docs/components/residual-row.js";
import {residualRules, residualRulesTable} from "../../loaders/residual-rules-table.js";

const rows = (await residualRulesTable()).objects() as ResidualRow[];

it("residualRulesTable() measures the spread that theory gives the stream, under every rule", () => {
  expect(new Set(rows.map(({rule, tau}) => `${rule} ${tau}`)).size).toBe(residualRules.length);
  for (const {rule, tau, branch, spread, spread_theory} of rows) {
    expect(Math.abs(spread / spread_theory - 1), `${rule} ${tau}, branch ${branch}`).toBeLessThan(0.04);
    expect(spread_theory).toBeCloseTo(rule === "sum" ? Math.sqrt(1 + branch) : 1, 6);
  }
});

it("residualRulesTable() divides the end among the branches", () => {
  for (const {rule, tau} of residualRules) {
    const shares = rows.filter((row) => row.rule === rule && row.tau === tau);
    const sum = (of: (row: ResidualRow) => number) => shares.reduce((total, row) => total + of(row), 0);
    expect(sum(({share_theory}) => share_theory)).toBeCloseTo(1, 6);
    expect(sum(({share}) => share)).toBeGreaterThan(0.9);
    expect(sum(({share}) => share)).toBeLessThan(1.1);
    const {share, share_theory} = shares.at(-1)!;
    expect(Math.abs(share - share_theory)).toBeLessThan(0.03);
  }
});
