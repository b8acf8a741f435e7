import type {RunSettings} from "../run-settings.js";
import {adam} from "./adam.js";
import {adamw} from "./adamw.js";
import {lamb} from "./lamb.js";
import {lion} from "./lion.js";
import type {Optimizer} from "./optimizer.js";
import {sgd} from "./sgd.js";

/** Optimizers by name. */
export const optimizers: Readonly<Record<RunSettings["optimizer"], Optimizer>> = {
  adamw,
  adam,
  sgd,
  lion,
  lamb,
};
