import {randomUUID} from "node:crypto";
import {hostname} from "node:os";
import type {RedisLink} from "./connect.js";
import {keyPrefix} from "./protocol.js";

/** What a sweep or a worker tells the others about itself, again and again. */
export interface Member {
  readonly id: string;
  readonly role: "sweep" | "worker";
  readonly host: string;
  readonly engine: string;
  /** The runs that a worker computes now, with the steps done and the last loss. */
  readonly running: Readonly<Record<string, {readonly step: number; readonly loss: number | null}>>;
  /** Corpora that a worker cannot have, by checksum or else name, and why. */
  readonly lacking: Readonly<Record<string, string>>;
  /** It ended in order; it is told for a while, so that its silence is not taken for an accident. */
  readonly hasLeft: boolean;
}

export const newMember = (role: Member["role"], engine: string): Member => ({
  ...{id: randomUUID(), role, host: hostname(), engine},
  ...{running: {}, lacking: {}, hasLeft: false},
});

/** Milliseconds between two announcements. */
export const announceInterval = 1000;

const seenKey = `${keyPrefix}:seen`;
const membersKey = `${keyPrefix}:members`;

/** Announces, forgets those who have been silent for too long by the clock of the server, and gives back the others. */
const announceScript = `
local now = tonumber(redis.call("TIME")[1])
redis.call("ZADD", KEYS[1], now, ARGV[1])
redis.call("HSET", KEYS[2], ARGV[1], ARGV[2])
for _, id in ipairs(redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", "(" .. (now - tonumber(ARGV[3])))) do
  redis.call("ZREM", KEYS[1], id)
  redis.call("HDEL", KEYS[2], id)
end
redis.call("EXPIRE", KEYS[1], 86400)
redis.call("EXPIRE", KEYS[2], 86400)
return redis.call("HVALS", KEYS[2])
`;

/**
 * Tells of `self`, and gives all members that have told of themselves lately, `self` among them.
 * @param silence seconds after which a member counts as lost
 */
export async function announce(
  {client}: RedisLink,
  self: Member,
  silence: number,
): Promise<readonly Member[]> {
  const texts = await client.eval(
    announceScript,
    2,
    ...[seenKey, membersKey, self.id, JSON.stringify(self), String(Math.ceil(silence))],
  );
  return (texts as string[]).flatMap((text) => {
    try {
      return [JSON.parse(text) as Member];
    } catch {
      return []; // of another version
    }
  });
}

/** Whether a member is a worker that can compute runs of an engine. */
export const serves = (member: Member, engine: string): boolean =>
  member.role === "worker" && member.engine === engine && !member.hasLeft;

/** How `Member.lacking` names a corpus. */
export const corpusKey = (settings: {readonly corpus: string; readonly corpusChecksum: string}): string =>
  settings.corpusChecksum || settings.corpus;
