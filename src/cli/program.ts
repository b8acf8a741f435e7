import {Command} from "commander";
import {version} from "../../package.json";
import {register as registerCast} from "./commands/cast.js";
import {register as registerDecode} from "./commands/decode.js";
import {register as registerEncode} from "./commands/encode.js";
import {register as registerFit} from "./commands/fit.js";
import {register as registerFormats} from "./commands/formats.js";
import {register as registerLaws} from "./commands/laws.js";
import {register as registerMatmul} from "./commands/matmul.js";
import {register as registerPlan} from "./commands/plan.js";
import {register as registerSite} from "./commands/site.js";
import {register as registerSweep} from "./commands/sweep.js";
import {register as registerTrain} from "./commands/train.js";
import {register as registerWorker} from "./commands/worker.js";

/** The command line. Each file in `commands/` adds one command; parsing throws instead of exiting. */
export function createProgram(): Command {
  const program = new Command("bitscape")
    .description("A low-precision training lab that is read in a browser.")
    .version(version)
    .enablePositionalOptions() // an option behind the name of a command is that command's
    .exitOverride()
    .configureOutput({outputError: (message, write) => write(oneLine(message))});
  registerFormats(program);
  registerEncode(program);
  registerDecode(program);
  registerCast(program);
  registerMatmul(program);
  registerTrain(program);
  registerSweep(program);
  registerWorker(program);
  registerLaws(program);
  registerFit(program);
  registerPlan(program);
  registerSite(program);
  return program;
}

/** Commander's messages in the form of our own: `error: …` and a suggestion on a second line become `bitscape: …`. */
function oneLine(message: string): string {
  return `bitscape: ${message
    .trim()
    .replace(/^error: /, "")
    .replaceAll(/\s*\n\s*/g, " ")}\n`;
}
