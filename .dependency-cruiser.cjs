/**
 * The arrows of the architecture: contracts <- core <- {api, adapters, neighbours} <- {functions, cli}. Whoever adds a package adds its
 * line; what is not allowed is forbidden.
 */
const mayUse = {
  contracts: [],
  core: ['contracts'],
  egress: [],
  oidc: ['core', 'egress'],
  chatops: ['contracts', 'core', 'egress', 'oidc'],
  notifications: ['contracts', 'core', 'egress'],
  hooks: ['contracts', 'core', 'egress'],
  'hook-sdk': [],
  api: ['contracts', 'core', 'chatops', 'notifications', 'hooks'],
  github: ['core', 'egress', 'oidc'],
  embedded: ['core'],
  azure: ['core', 'azure-doubles'],
  'azure-doubles': ['egress'],
  action: [],
  simulator: [],
  host: ['contracts', 'core', 'egress', 'oidc', 'chatops', 'notifications', 'hooks', 'api', 'github', 'azure'],
  cli: [
    'contracts',
    'core',
    'chatops',
    'notifications',
    'hooks',
    'api',
    'github',
    'embedded',
    'azure',
    'host',
    'action',
    'simulator',
  ],
};

const arrows = Object.entries(mayUse).map(([name, allowed]) => ({
  name: `${name}-uses-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src`, pathNot: '(\\.test\\.ts$|/src/testing/)' },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

/** Tests may also use the doubles: the simulator never depends on what it tests. */
const testArrows = {
  name: 'tests-use-no-host',
  severity: 'error',
  from: {
    path: '^packages/(contracts|core|egress|oidc|chatops|notifications|hooks|hook-sdk|api|github|embedded|azure|azure-doubles|action|simulator)/src/.*\\.test\\.ts$',
  },
  to: { path: '^packages/cli/' },
};

/** A host: everything but the other host and what is for development. */
const functionsArrow = {
  name: 'functions-use-no-other-host',
  severity: 'error',
  from: { path: '^functions/src', pathNot: '\\.test\\.ts$' },
  to: { path: '^packages/', pathNot: '^packages/(contracts|core|api|github|azure|host)/' },
};

module.exports = {
  forbidden: [
    ...arrows,
    functionsArrow,
    testArrows,
    {
      name: 'doubles-are-for-tests',
      severity: 'error',
      from: {
        path: '^packages',
        pathNot: '(^packages/azure-doubles/|\\.test\\.ts$|/on-doubles\\.ts$|/src/testing(/|\\.ts$))',
      },
      to: { path: '^packages/azure-doubles/' },
    },
    {
      name: 'no-circles',
      comment: 'between files, too, and for types as well: whoever reads one file need not know who uses it',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-has-no-io',
      comment: 'core decides; adapters touch the outside',
      severity: 'error',
      from: { path: '^packages/(core|contracts)/src', pathNot: '(\\.test|\\.contract)\\.ts$' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: ['^(node:)?(crypto|buffer)$', 'node_modules/ajv'] },
    },
    {
      name: 'through-the-front-door',
      comment: 'a package is used by its index, not by its files',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/(?!$1/)[^/]+/src/(?!(index|testing|port-contracts)\\.ts$)' },
    },
    {
      name: 'not-in-package-json',
      severity: 'error',
      from: { path: '^packages' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { pathNot: '(\\.test|\\.contract|testing|port-contracts)\\.ts$' },
      to: { path: '\\.test\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/generated/', '^functions/dist/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
