import {type ChildProcess, type SpawnOptions, spawn} from "node:child_process";
import {delimiter, join} from "node:path";
import {projectRoot} from "./project.js";

const packages = join(projectRoot, "node_modules");
const fixedDate = new URL(`file://${join(projectRoot, "tools/site/fixed-date.js")}`).href;

interface FrameworkOptions extends Pick<SpawnOptions, "stdio" | "detached"> {
  /** Folder of the project whose site it is. */
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The environment of Framework and of loaders, which find `tsx` on the path; telemetry is off. */
export const frameworkEnvironment = (env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  OBSERVABLE_TELEMETRY_DISABLE: "1",
  NO_COLOR: "1", // its output is read, and some environments, such as CI, turn colours on
  PATH: `${join(packages, ".bin")}${delimiter}${process.env.PATH}`,
  ...env,
});

/** Starts Framework's own command line. */
export function startFramework(
  [command, ...args]: readonly string[],
  {root = projectRoot, env, ...options}: FrameworkOptions = {},
): ChildProcess {
  const program = join(packages, "@observablehq/framework/dist/bin/observable.js");
  const preload = command === "build" ? ["--import", fixedDate] : [];
  return spawn(process.execPath, [...preload, program, command, ...args], {
    cwd: root,
    env: frameworkEnvironment(env),
    ...options,
  });
}

/** Runs a Framework command to its end and returns everything it printed, without colours. */
export async function runFramework(
  args: readonly string[],
  options: Omit<FrameworkOptions, "stdio"> = {},
): Promise<{code: number | null; log: string}> {
  const child = startFramework(args, {...options, stdio: ["ignore", "pipe", "pipe"]});
  let log = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return {code, log};
}
