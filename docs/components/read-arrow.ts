import {tableFromIPC} from "npm:@uwdata/flechette";

/** The rows of an Arrow file as plain objects; list columns become typed arrays. */
export function readArrow<Row>(file: ArrayBuffer): Row[] {
  return tableFromIPC(new Uint8Array(file)).toArray() as Row[];
}
