import checks from "../data/tensor-core-checks.json" with {type: "json"};
import {type MatrixUnit, parseUnit} from "../src/precision/units/matrix-units.js";

/**
 * What the models of matrix units were compared with, see tools/reference/check-tensor-cores.ts: one row for each source,
 * GPU, unit and output, with the instruction that the unit stands for.
 */
export function tensorCoreChecks() {
  return checks.map((check) => {
    const {instruction} = parseUnit(check.unit) as MatrixUnit;
    return {...check, instruction: instruction.split(/ accumulation|:/)[0]};
  });
}
