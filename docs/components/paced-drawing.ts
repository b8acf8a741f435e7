/** What paced drawing needs of a window. */
export interface DrawingClock {
  readonly performance: {now(): number};
  requestAnimationFrame(callback: () => void): unknown;
  setTimeout(callback: () => void, milliseconds?: number): unknown;
}

/**
 * The same drawing for news that may come faster than it can be done: at most once for each frame, and after each a rest
 * at least as long as it took, so that half of the time is the reader's. A call during the rest is answered after it.
 */
export function pacedDrawing(draw: () => void, clock: DrawingClock = globalThis.window): () => void {
  let isBusy = false;
  let isWanted = false;
  const drawSoon = () => {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    clock.requestAnimationFrame(() => {
      const begin = clock.performance.now();
      isWanted = false;
      try {
        draw();
      } finally {
        // The task after this one begins when styles, layout and paint are done, which can take longer than the drawing.
        clock.setTimeout(() => clock.setTimeout(goOn, clock.performance.now() - begin));
      }
    });
  };
  const goOn = () => {
    isBusy = false;
    if (isWanted) drawSoon();
  };
  return drawSoon;
}
