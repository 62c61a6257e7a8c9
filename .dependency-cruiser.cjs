// Who may import whom. The arrows point one way:
//   spec <- methods, models, datasets <- catalog <- engine (with kernels) <- worker
// and the page (ui, store, app, i18n) stands beside engine and worker: it knows data and types, never the number cruncher.
const TEST = '[.]test[.]tsx?$|/testing/';
const PAGE = '^src/(ui|store|app|i18n)/';

/** Folder `name` may import, of ours, only itself and what is listed. Tests may look further. */
const mayImport = (name, ...allowed) => ({
  name: `${name}-imports`,
  comment: `src/${name} may import only: ${[name, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: TEST },
  to: { path: '^(src|bench|e2e|scripts)/', pathNot: `^src/(${[name, ...allowed].join('|')})(/|[.])` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment:
        'A circle of imports, types included, means that two files are really one or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-broken-imports',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[?](url|raw|worker|inline)$|^virtual:' },
    },
    {
      name: 'no-imports-of-tests',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: '[.](test|spec)[.]tsx?$' },
    },
    mayImport('spec'),
    mayImport('storage'),
    mayImport('models', 'spec', 'storage'),
    mayImport('datasets', 'spec', 'storage'),
    mayImport('methods', 'spec', 'models'),
    mayImport('catalog', 'spec', 'methods', 'models', 'datasets'),
    mayImport('studies', 'spec', 'methods', 'models', 'datasets', 'catalog'),
    mayImport('kernels', 'spec', 'models'),
    mayImport(
      'engine',
      'kernels',
      'spec',
      'methods',
      'models',
      'datasets',
      'catalog',
      'worker/api',
      'worker/api-search',
      'worker/api-compare',
      'worker/api-history',
      'worker/api-study',
      'worker/api-ticket',
      'studies',
    ),
    mayImport(
      'worker',
      'engine',
      'studies',
      'storage',
      'kernels',
      'spec',
      'methods',
      'models',
      'datasets',
      'catalog',
    ),
    mayImport(
      'cli',
      'engine',
      'studies',
      'kernels',
      'spec',
      'methods',
      'models',
      'datasets',
      'catalog',
      'worker',
    ),
    {
      name: 'page-imports',
      comment:
        'ui, store, app and i18n see the engine only through worker/client and the types of worker/api.',
      severity: 'error',
      from: { path: PAGE, pathNot: TEST },
      to: {
        path: '^(src|bench|e2e|scripts)/',
        pathNot: [
          PAGE,
          '^src/(spec|methods|models|datasets|catalog|studies)/',
          '^src/worker/(client|api|api-search|api-compare|api-history|api-study|api-ticket)[.]ts$',
        ],
      },
    },
    {
      name: 'page-side-of-the-worker',
      comment: 'client and api travel with the page: of the engine they may know types only.',
      severity: 'error',
      from: {
        path: '^src/worker/(client|api|api-search|api-compare|api-history|api-study|api-ticket)[.]ts$',
      },
      to: { path: '^src/(engine|kernels)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tensorflow-only-below',
      comment: 'TensorFlow.js belongs to engine, kernels and worker; the page must not load it.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(engine|kernels|worker)/|${TEST}` },
      to: { path: 'node_modules/@tensorflow/' },
    },
    {
      name: 'no-page-libraries-below',
      comment: 'Everything below the page runs in a worker and in Node.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${PAGE}|${TEST}` },
      to: {
        path: 'node_modules/(react|react-dom|react-i18next|i18next|recharts|zustand|katex|@mantine|@tabler)/',
      },
    },
    {
      name: 'no-node-in-the-browser',
      comment: 'Only the command line, kernels (their Node loader) and tests may use Node’s own modules.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(cli|kernels)/|${TEST}` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'declared-packages-only',
      comment: 'The command line is run by tsx, a development tool, and so are its threads.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/cli/hand[.]mjs$|${TEST}` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|public)/|/assembly/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default'] },
  },
};
