// Fits laws and reads tables of runs in a browser's worker: the page posts a task, the worker posts its progress and result.
import {doLawTask} from "./do-law-task.js";
import type {TaskReport, TaskRequest} from "./law-tasks.js";

/** Milliseconds between two reports of progress. */
const reportInterval = 100;

const post = (report: TaskReport) => postMessage(report);

function reporter() {
  let last = 0;
  return (done: number, of: number) => {
    const now = performance.now();
    if (now - last < reportInterval) return;
    last = now;
    post({type: "progress", done, of});
  };
}

addEventListener("message", async ({data}: MessageEvent<TaskRequest>) => {
  try {
    post({type: "done", result: await doLawTask(data, reporter())});
  } catch (error) {
    post({type: "error", message: error instanceof Error ? error.message : String(error)});
  }
});
