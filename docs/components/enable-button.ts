/** Lets a button be pressed or not. It keeps the focus, and is read out with its reason; one that is truly disabled does neither. */
export const enable = (button: HTMLButtonElement, isEnabled: boolean): void =>
  button.setAttribute("aria-disabled", String(!isEnabled));

export const isEnabled = (button: HTMLButtonElement): boolean =>
  button.getAttribute("aria-disabled") !== "true";
