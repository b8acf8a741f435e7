/** First address after the static data, where the host's arena starts. */
export function heapBase(): usize {
  return __heap_base;
}
