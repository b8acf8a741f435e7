/** The page's address with its state, at the figure. */
export function linkTo(document: Document, id: string): string {
  const url = new URL(document.location.href);
  url.hash = id;
  return url.href;
}
