export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where the parts of a surface's picture stand, in pixels. */
export interface SurfaceLayout {
  readonly width: number;
  readonly height: number;
  readonly legend: Box;
  readonly plot: Box;
  /** Loss against x, below the plot with the same horizontal axis; and against y, to the right with the same vertical one. */
  readonly xSlice: Box | null;
  readonly ySlice: Box | null;
  /** Whether the second slice stands below the first, with its variable across. */
  readonly isNarrow: boolean;
}

/** From this width on the second slice stands beside the plot. */
const wide = 600;

const legendTop = 16;
const plotTop = 64;
const axisHeight = 44;
const sliceGap = 22;
const right = 10;

export function surfaceLayout(width: number, {slices = true}: {slices?: boolean} = {}): SurfaceLayout {
  const isNarrow = width < wide;
  const left = isNarrow ? 46 : 60;
  const room = width - left - right;
  const besides = slices && !isNarrow;
  const plotWidth = besides ? Math.round((room - 16) * 0.7) : room;
  const plotHeight = Math.round(Math.min(isNarrow ? 340 : 430, plotWidth * 0.78));
  const plot = {left, top: plotTop, width: plotWidth, height: plotHeight};
  const legend = {left, top: legendTop, width: Math.min(plotWidth, 420), height: 12};
  const below = plotTop + plotHeight + axisHeight;
  if (!slices) return {width, height: below, legend, plot, xSlice: null, ySlice: null, isNarrow};
  const sliceHeight = isNarrow ? 110 : 120;
  const xSlice = {left, top: below + sliceGap, width: plotWidth, height: sliceHeight};
  const afterX = xSlice.top + sliceHeight;
  if (!isNarrow) {
    const start = left + plotWidth + 16;
    const ySlice = {left: start, top: plotTop, width: width - start - right, height: plotHeight};
    return {width, height: afterX + 14, legend, plot, xSlice, ySlice, isNarrow};
  }
  const ySlice = {left, top: afterX + sliceGap + 14, width: plotWidth, height: sliceHeight};
  return {width, height: ySlice.top + sliceHeight + axisHeight, legend, plot, xSlice, ySlice, isNarrow};
}
