import {copyButton} from "./copy-button.js";
import {elementMaker} from "./element-maker.js";
import type {LabRun} from "./lab-bench.js";
import type {RunName} from "./lab-state.js";
import {linkTo} from "./link-to.js";
import {saveFile} from "./save-file.js";

export interface LabFile {
  readonly name: RunName;
  readonly title: string;
  /** The settings file; undefined where the settings are impossible. */
  readonly text: string | undefined;
  readonly run: LabRun | undefined;
  /** The text that the run reads, where the reader gave it. */
  readonly corpus: {readonly name: string; readonly bytes: Uint8Array<ArrayBuffer>} | undefined;
}

/** The settings of each run as a file for the command line, and the hash that it must arrive at. */
export function labFiles({document = globalThis.document}: {document?: Document} = {}): {
  element: HTMLElement;
  update: (files: readonly LabFile[]) => void;
} {
  const make = elementMaker(document);
  const parts = {a: filePart("a", document), b: filePart("b", document)};
  const link = copyButton("Copy link to these runs", () => linkTo(document, "bench"), {document});
  return {
    element: make(
      "div",
      {class: "lab-files chart-figure"},
      make("div", {class: "file-parts"}, parts.a.element, parts.b.element),
      make("div", {class: "chart-actions"}, link),
    ),
    update(files) {
      for (const part of Object.values(parts)) part.update(files.find(({name}) => name === part.name));
    },
  };
}

function filePart(name: RunName, document: Document) {
  const make = elementMaker(document);
  const fileName = `run-${name}.yaml`;
  const title = make("span");
  const code = make("pre", {tabindex: 0, "aria-label": `Settings file of run ${name.toUpperCase()}`});
  const hash = make("p", {class: "file-hash"});
  let shown: LabFile | undefined;
  const text = () => shown?.text ?? "";
  const copy = copyButton("Copy", text, {document});
  const save = make("button", {type: "button", "aria-label": `Download ${fileName}`}, fileName);
  save.addEventListener("click", () => saveFile(fileName, new Blob([text()], {type: "text/yaml"})));
  const saveText = make("button", {type: "button"});
  saveText.addEventListener("click", () => {
    if (shown?.corpus) saveFile(shown.corpus.name, new Blob([shown.corpus.bytes]));
  });
  const element = make(
    "section",
    {"aria-label": `Run ${name.toUpperCase()}`},
    make("h3", {}, make("span", {class: `run-chip run-${name}`}, name.toUpperCase()), " ", title),
    code,
    make("div", {class: "chart-actions"}, save, copy, saveText),
    hash,
  );
  return {
    name,
    element,
    update(file: LabFile | undefined) {
      shown = file;
      element.hidden = file === undefined;
      if (!file) return;
      title.textContent = file.title;
      code.textContent = file.text ?? "These settings are impossible: the lines under Train say why.";
      for (const button of [copy, save]) button.disabled = file.text === undefined;
      saveText.hidden = file.corpus === undefined;
      saveText.textContent = file.corpus?.name ?? "";
      const weights = file.run?.weightHash;
      hash.replaceChildren(
        ...(weights
          ? ["Weights: sha256 ", make("code", {}, weights)]
          : ["The hash of the weights stands here once the run is done."]),
      );
    },
  };
}
