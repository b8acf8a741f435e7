/** A loss for people: four digits after the point. */
export const lossText = (loss: number): string => (Number.isFinite(loss) ? loss.toFixed(4) : "none");
