import {configDefaults, defineConfig} from "vitest/config";
import {BaseSequencer, type TestSpecification} from "vitest/node";

/** Tests of what neither keeps state nor starts anything, one file after the other with the same loaded modules. */
const sharing = ["test/{formats,kernels,laws,loaders,nn,precision,recipes,schemes}/**/*.test.ts"];
const include = ["test/**/*.test.ts"];

/**
 * The first test of the built site waits while it is built: the longest one, which opens every page. Others would wait
 * with it, so they come last, and what needs no site is tested meanwhile; first what shares its modules, since a process
 * is kept for as long as such a file follows.
 */
class SiteLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({moduleId, project}: TestSpecification) => {
      const isOfSite = /\/test\/docs\/[^/]+$/.test(moduleId);
      if (isOfSite) return moduleId.endsWith("/pages.test.ts") ? 0 : 3;
      return project.config.isolate ? 2 : 1;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {alias: [{find: /^npm:(.*)$/, replacement: "$1"}]},
  test: {
    // For a machine that is many times slower, or does much else: nothing waits so long where all is well.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: {poll: {timeout: 60_000}},
    maxWorkers: "100%", // by default one core stays idle, which is half of a small machine
    sequence: {sequencer: SiteLast},
    projects: [
      {extends: true, test: {name: "sharing modules", include: sharing, isolate: false}},
      {extends: true, test: {name: "apart", include, exclude: [...configDefaults.exclude, ...sharing]}},
    ],
  },
});
