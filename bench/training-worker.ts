// Trains whenever it is told to, as a worker thread or as a process of its own, and answers with tokens per second.
import {parentPort} from "node:worker_threads";
import {models, training} from "./engine.js";
import type {Candidate} from "./measure.js";

export interface TrainingRequest {
  readonly model: string;
  readonly recipe: string;
  readonly seconds: number;
}

const candidates = new Map<string, Candidate>();

async function answer({model, recipe, seconds}: TrainingRequest): Promise<number> {
  const key = `${model} ${recipe}`;
  const candidate = candidates.get(key) ?? (await training(models[model], recipe));
  candidates.set(key, candidate);
  return candidate.rate(seconds);
}

if (parentPort) {
  const port = parentPort;
  port.on("message", async (request: TrainingRequest) => port.postMessage(await answer(request)));
} else {
  process.on("message", async (request: TrainingRequest) => process.send!(await answer(request)));
}
