import {defineConfig} from "vitest/config";
import {BaseSequencer, type TestSpecification} from "vitest/node";

/**
 * The first test of the built site waits while it is built, and others would wait with it: they come last, when it is
 * there, and what needs no site is tested meanwhile.
 */
class SiteLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const ofSite = sorted.filter(({moduleId}) => /\/test\/docs\/[^/]+$/.test(moduleId));
    const others = sorted.filter((file) => !ofSite.includes(file));
    return [...ofSite.slice(0, 1), ...others, ...ofSite.slice(1)];
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
