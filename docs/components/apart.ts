/** The first of the ascending steps, and each that is at least so far from the one taken before it. */
export function apart(steps: readonly number[], distance: number): number[] {
  const taken: number[] = [];
  for (const step of steps) if (taken.length === 0 || step >= taken.at(-1)! + distance) taken.push(step);
  return taken;
}
