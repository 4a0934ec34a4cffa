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
        'src/*/main.ts',
        'src/rag/demo.ts',
        'src/dashboard/generate.ts',
        'src/page/client/main.ts',
        'tests/*.test.ts',
        'bench/main.ts',
        'bench/{provider,service}-process.ts',
      ],
      project: ['config.ts', '{src,tests,bench,scripts}/**/*.{ts,mjs,ipynb}'],
      // Loaded by name where a service has chosen their format of log lines.
      ignoreDependencies: ['@elastic/ecs-pino-format', 'pino-pretty'],
      // Programs of the machine.
      ignoreBinaries: ['openssl', 'taskset', 'unshare'],
    },
    notebooks: { entry: '*.ipynb', project: '*.ipynb' },
  },
  compilers: { ipynb: codeOf },
  // The shape of what a function takes or gives may be exported beside it.
  ignoreExportsUsedInFile: { interface: true, type: true },
};
