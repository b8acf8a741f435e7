import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex, utf8ToBytes} from "@noble/hashes/utils.js";
import {canonicalJson} from "./canonical-json.js";
import {recordVersion} from "./run-record.js";
import type {RunSettings} from "./run-settings.js";

/** Address of a run's record: 20 hexadecimal digits from everything that decides its content. */
export function runId(settings: RunSettings, engine: string): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson({settings, engine, version: recordVersion})))).slice(
    0,
    20,
  );
}
