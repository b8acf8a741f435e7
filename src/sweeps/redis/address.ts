import {usageError} from "../../errors.js";

/** Where a Redis is. */
export interface RedisAddress {
  /** With everything that it takes to connect: never to be shown. */
  readonly url: string;
  /** For people: without name and password. */
  readonly shown: string;
}

/**
 * Reads `redis://[[NAME]:PASSWORD@]HOST[:PORT][/NUMBER]`, or `rediss:` for TLS.
 * @param password for an address that has none, so that it need not stand on a command line; by default from
 * `REDISCLI_AUTH`, where redis-cli looks too
 * @throws a usage error of one line, which shows no password
 */
export function parseRedisAddress(text: string, password = process.env.REDISCLI_AUTH): RedisAddress {
  const expected = "expected redis://HOST:PORT, or rediss:// for TLS";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname) throw usageError(`--redis: this is no address; ${expected}`);
  if (url.protocol !== "redis:" && url.protocol !== "rediss:")
    throw usageError(`--redis: ${url.protocol}//${url.host} is not the address of a Redis; ${expected}`);
  if (!/^\/?\d*$/.test(url.pathname))
    throw usageError(`--redis: ${shownAddress(url)} does not end in the number of a database`);
  if (!url.password && password) url.password = encodeURIComponent(password);
  return {url: url.href, shown: shownAddress(url)};
}

const shownAddress = ({protocol, host, pathname}: URL): string =>
  `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
