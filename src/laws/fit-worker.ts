// Does a share of a fit's searches in a browser's worker.
import {type FitMessage, fitServer} from "./fit-message.js";

const serve = fitServer((reply) => postMessage(reply));

addEventListener("message", ({data}: MessageEvent<FitMessage>) => serve(data));
