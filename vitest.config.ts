import {defineConfig} from "vitest/config";
import {BaseSequencer, type TestSpecification} from "vitest/node";

/**
 * The first test of the built site waits while it is built: the longest one, which opens every page. Others would wait
 * with it, so they come last, and what needs no site is tested meanwhile.
 */
class SiteLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const ofSite = sorted.filter(({moduleId}) => /\/test\/docs\/[^/]+$/.test(moduleId));
    const longest = ofSite.filter(({moduleId}) => moduleId.endsWith("/pages.test.ts"));
    const rest = ofSite.filter((file) => !longest.includes(file));
    return [...longest, ...sorted.filter((file) => !ofSite.includes(file)), ...rest];
  }
}

export default defineConfig({
  resolve: {alias: [{find: /^npm:(.*)$/, replacement: "$1"}]},
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers: "100%", // by default one core stays idle, which is half of a small machine
    sequence: {sequencer: SiteLast},
  },
});
