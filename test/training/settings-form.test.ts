import {describe, expect, it} from "vitest";
import {parse} from "yaml";
import {plan} from "../../src/sweeps/plan.js";
import {parsePreset} from "../../src/sweeps/preset.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {settingsKeys} from "../../src/training/run-settings-schema.js";
import {settingsForm, textChecksum} from "../../src/training/settings-form.js";
import {parseYaml} from "../../src/training/yaml-source.js";

const form = settingsForm((_, given) => given || "0".repeat(64));
const fieldOf = (key: string) => form.fields.find((field) => field.key === key);

describe("settingsForm(corpusChecksum)", () => {
  it("describes every setting of the schema, with its kind, its values and its default", () => {
    expect(form.fields.map(({key}) => key)).toEqual(settingsKeys);
    expect(fieldOf("scheme")).toMatchObject({kind: "choice", initial: "standard"});
    expect(fieldOf("scheme")!.values).toContain("unit");
    expect(fieldOf("width")).toEqual({key: "width", kind: "number", values: [], initial: "64"});
    expect(fieldOf("probe")).toMatchObject({kind: "flag", values: ["false", "true"], initial: "false"});
    expect(fieldOf("warmup")).toMatchObject({kind: "number", initial: ""});
    expect(fieldOf("corpus")).toMatchObject({kind: "text", initial: "markov"});
    expect(Object.keys(form.recipes)).toEqual(fieldOf("recipe")!.values);
  });

  it("reads texts as settings; what is empty has its default", () => {
    const {settings, errors} = form.check({
      scheme: "unit",
      width: "32",
      learningRate: "1e-2",
      warmup: "",
      probe: "true",
    });
    expect(errors).toEqual({});
    expect(settings).toMatchObject({
      scheme: "unit",
      width: 32,
      learningRate: 0.01,
      warmup: 100,
      probe: true,
      layers: 4,
    });
  });

  it("says of every wrong setting what is allowed, also of those that do not go together", () => {
    const {settings, errors} = form.check({
      scheme: "unt",
      layers: "x",
      learningRate: "0",
      width: "50",
      heads: "4",
    });
    expect(settings).toBeUndefined();
    expect(errors.scheme).toMatch(/"unt" is not one of .*; did you mean "unit"\?/);
    expect(errors.layers).toBe('"x" is not a whole number from 1 to 256');
    expect(errors.learningRate).toBe("0 is not a number in (0, 1000]");
    expect(errors.heads).toBe("4 does not divide width 50");
  });

  it("says what the page knows of a text, though its errors are of another copy of the class", () => {
    const missing = settingsForm(() => {
      throw Object.assign(new Error("corpus: this tab does not have the text"), {name: "BitscapeError"});
    });
    expect(missing.check({corpus: "mine.txt"}).errors).toEqual({corpus: "this tab does not have the text"});
    const broken = settingsForm(() => {
      throw new Error("a bug");
    });
    expect(() => broken.check({corpus: "mine.txt"})).toThrow("a bug");
  });

  it("writes a settings file of what differs from the defaults, which the command line reads back", () => {
    const texts = {
      ...{
        scheme: "unit",
        width: "32",
        heads: "2",
        learningRate: "0.12",
        epsilon: "1e-8",
        seed: "1",
        warmup: "7",
      },
      ...{forwardActivation: "e4m3fn tensor", lossScale: "1024", corpus: "markov"},
    };
    const file = form.file(texts, ["first line", "second"]);
    expect(file).toMatch(/^# first line\n# second\nscheme: unit\n/);
    expect(Object.keys(parse(file))).not.toContain("epsilon");
    const [settings, ...others] = plan(
      parsePreset("run", parseYaml(file, "run.yaml")),
      [],
      settingsChoices(),
    );
    expect(others).toEqual([]);
    const {corpusChecksum: _, ...expected} = form.check(texts).settings!;
    expect(settings).toMatchObject(expected);
  });

  it("quotes what YAML would take for something else", () => {
    const names = ["my text.txt", "null", "12", "a: b", "#x", "plain.txt"];
    for (const corpus of names) expect(parse(form.file({corpus}, []))).toEqual({corpus});
  });

  it("counts the weights of a model", () => {
    const {settings} = form.check({layers: "2", width: "48", heads: "3", context: "32"});
    expect(form.countParameters(settings!, 27)).toBe(59_904);
  });
});

it("textChecksum(bytes) is the SHA-256 that settings name", () => {
  expect(textChecksum(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
