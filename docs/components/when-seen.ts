export interface WhenSeenOptions {
  /** Whether there is so much to do that what nobody sees has to wait. */
  readonly isHasty: () => boolean;
  readonly document: Document;
}

/** The same drawing, except that in haste it waits until the element is in the window. */
export function whenSeen(
  element: Element,
  draw: () => void,
  {isHasty, document}: WhenSeenOptions,
): () => void {
  let isSeen = false;
  let isWanted = false;
  const drawNow = () => {
    isWanted = false;
    draw();
  };
  const {IntersectionObserver} = document.defaultView as Window & typeof globalThis;
  const observer = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)!.isIntersecting;
    if (isSeen && isWanted) drawNow();
  });
  observer.observe(element);
  return () => {
    isWanted = true;
    if (isSeen || !isHasty()) drawNow();
  };
}
