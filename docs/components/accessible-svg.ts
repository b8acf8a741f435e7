/**
 * Makes a chart one image with a name for assistive technology. Plot labels its inner groups, which ARIA forbids on
 * elements without a role, so those labels go.
 */
export function accessibleSvg(chart: Element, label: string): SVGSVGElement {
  for (const element of chart.querySelectorAll("[aria-label], [aria-description]")) {
    element.removeAttribute("aria-label");
    element.removeAttribute("aria-description");
  }
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", label);
  return chart as SVGSVGElement;
}
