import {elementMaker} from "./element-maker.js";
import {mostProducts, parseSum, type SumExample, sumText} from "./sum-example.js";

export interface SumInputs {
  readonly element: HTMLElement;
  readonly update: (sum: SumExample) => void;
}

/** Fields for the numbers of a small sum; what is typed comes back rounded to what an operand can be. */
export function sumInputs({
  onChange,
  document = globalThis.document,
}: {
  /** Gets a text that `parseSum` reads. */
  onChange: (text: string) => void;
  document?: Document;
}): SumInputs {
  const make = elementMaker(document);
  const field = (label: string) =>
    make("input", {type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": label});
  const addend = field("running sum to start from");
  const factors = Array.from({length: mostProducts}, (_, i) => [
    field(`first factor of product ${i + 1}`),
    field(`second factor of product ${i + 1}`),
  ]);
  const problem = make("p", {class: "field-error", role: "alert"});
  const all = [addend, ...factors.flat()];

  const typed = () => {
    const products = factors.map((pair) => pair.map((input) => input.value.trim().replace("−", "-")));
    const filled = products.filter((pair) => pair.some((value) => value !== ""));
    return [addend.value.trim().replace("−", "-") || "0", ...filled.map((pair) => pair.join("*"))].join("_");
  };
  const change = () => {
    const sum = parseSum(typed());
    problem.textContent = sum
      ? ""
      : "Two numbers for each product, such as 0.75 and −1.5, and a running sum of at most 1,048,576.";
    if (sum) onChange(sumText(sum));
  };
  for (const input of all) input.addEventListener("change", change);

  return {
    element: make(
      "div",
      {class: "sum-inputs"},
      make("label", {}, "running sum ", addend),
      ...factors.map(([a, b]) => make("span", {}, a, " × ", b)),
      problem,
    ),
    update({addend: start, products}) {
      addend.value = String(start);
      for (const [i, pair] of factors.entries()) {
        for (const [j, input] of pair.entries()) input.value = products[i] ? String(products[i][j]) : "";
      }
      problem.textContent = "";
    },
  };
}
