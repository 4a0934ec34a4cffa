/** The code of a notebook's cells, so that what only the lesson uses counts as used. */
const codeOf = (notebook) =>
  JSON.parse(notebook)
    .cells.filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => source.join(''))
    .join('\n');

module.exports = {
  workspaces: {
    '.': {
      entry: [
        'scripts/*.mjs',
        'scripts/test/reporter.mjs',
        'src/commands/*.ts',
        'src/page/client/main.ts',
        'tests/*.test.ts',
        'notebooks/*.ipynb',
        'bench/main.ts',
        'bench/{provider,service}-process.ts',
      ],
      project: ['config.ts', '{config,src,tests,bench,scripts}/**/*.{ts,js,mjs}', 'notebooks/*.ipynb'],
      // Loaded by name where a service has chosen their format of log lines; the lesson's helpers are a workspace.
      ignoreDependencies: ['@elastic/ecs-pino-format', 'pino-pretty', 'm2_3_lesson'],
      // Programs of the machine.
      ignoreBinaries: ['mkfifo', 'openssl', 'taskset', 'unshare'],
    },
    // Only the notebook imports it, beside the helpers.
    'src/lesson': { ignoreDependencies: ['m2_3_monitoring'] },
  },
  compilers: { ipynb: codeOf },
  // A room may name the types of what it gives.
  ignoreIssues: { 'src/*/index.ts': ['types'], 'src/m2_3_monitoring/*/index.ts': ['types'] },
  // The shape of what a function takes or gives may be exported beside it.
  ignoreExportsUsedInFile: { interface: true, type: true },
};
