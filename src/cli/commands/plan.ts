import type {Command} from "commander";
import {usageError} from "../../errors.js";
import {parseBytes, parseCountOf} from "../../laws/quantity.js";
import {collect} from "../collect-option.js";
import {parseCount} from "../parse-count.js";

export function register(program: Command): void {
  program
    .command("plan")
    .summary("what scaling laws recommend for a model, data, compute or memory")
    .description(
      "For what is given of parameters, tokens, compute and memory, each law's best choice of the rest, and of the bits.\n" +
        "Compute is that of training in 16 bits, of which P bits cost P/16: C = (6/16)·N·D·P. Memory is for the weights: " +
        "N·P/8 bytes.",
    )
    .option("--parameters <N>", "size of the model, as in 7B", (text) => parseCountOf("--parameters", text))
    .option("--tokens <D>", "tokens to train on, as in 2T", (text) => parseCountOf("--tokens", text))
    .option("--flops <C>", "FLOPs in 16 bits, as in 1e24", (text) => parseCountOf("--flops", text))
    .option("--memory <M>", "bytes for the weights, as in 8GiB", (text) => parseBytes("--memory", text))
    .option("--bits <P>", "bits that are settled; without, each law says which are best", (text) =>
      parseCount("--bits", text, 1, 16),
    )
    .option("--format <name>", "number format that is settled, as in e4m3, int4, mxfp4")
    .option("--block-size <B>", "elements that share a scale, or channel (default: 128, or the format's)")
    .option(
      "--inference-tokens <D>",
      "tokens that the model will serve, paid from the same compute",
      (text) => parseCountOf("--inference-tokens", text),
    )
    .option("--law <name>", "only this law, or all (repeatable)", collect, [])
    .option(
      "--constants <file>",
      "also a law with constants that bitscape fit -o wrote (repeatable)",
      collect,
      [],
    )
    .option("--tolerance <nats>", "loss that counts as nothing lost", parseTolerance, 0.01)
    .option("--json", "machine-readable, with the loss for every number of bits")
    .action(async (options) => (await import("../plan.js")).showPlan(options));
}

function parseTolerance(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw usageError(`--tolerance ${text}: expected a number of nats from 0`);
}
