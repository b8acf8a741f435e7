import {describe, expect, it} from "vitest";
import {parseRedisAddress} from "../../../src/sweeps/redis/address.js";

describe("parseRedisAddress", () => {
  it.each([
    ["redis://localhost:6379", "redis://localhost:6379"],
    ["redis://:secret@10.0.0.1:7000/3", "redis://10.0.0.1:7000/3"],
    ["rediss://ada:secret@redis.example.org/", "rediss://redis.example.org"],
    ["redis://ada:secret@[::1]:6380", "redis://[::1]:6380"],
  ])("shows %s without name and password", (text, shown) => {
    const address = parseRedisAddress(text, undefined);
    expect(address.shown).toBe(shown);
    if (text.includes("secret")) expect(address.url).toContain("secret");
  });

  it("takes the password of the environment where the address has none", () => {
    expect(parseRedisAddress("redis://h", "a/b@c").url).toBe("redis://:a%2Fb%40c@h");
    expect(parseRedisAddress("redis://ada@h", "x").url).toBe("redis://ada:x@h");
    expect(parseRedisAddress("redis://:own@h", "x").url).toBe("redis://:own@h");
  });

  it.each([
    ["", "this is no address"],
    ["localhost:6379", "this is no address"],
    ["redis:///0", "this is no address"],
    ["http://ada:secret@host:8080/path", "http://host:8080 is not the address of a Redis"],
    ["postgres://ada:secret@host/runs", "postgres://host is not the address of a Redis"],
    ["redis://ada:secret@host/runs", "redis://host/runs does not end in the number of a database"],
  ])("refuses %j in one line without its password", (text, message) => {
    const refused = () => parseRedisAddress(text, undefined);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow("secret");
  });
});
