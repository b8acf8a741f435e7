/** The same callback, at most once for each frame that the window draws, however often it is called. */
export function perFrame(
  callback: () => void,
  {requestAnimationFrame}: Pick<Window, "requestAnimationFrame"> = globalThis.window,
): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      callback();
    });
  };
}
