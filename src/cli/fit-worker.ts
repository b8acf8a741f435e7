// Does a share of a fit's searches in a thread of Node.
import {parentPort} from "node:worker_threads";
import {type FitMessage, fitServer} from "../laws/fit-message.js";

const port = parentPort!;
port.on("message", fitServer((reply) => port.postMessage(reply)) satisfies (message: FitMessage) => void);
