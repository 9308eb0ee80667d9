/** Tests are ES modules run by Node's own loader; swc only strips the types. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
};

/** The end-to-end tests that know nothing of where store and bus are run embedded and on Azure's: those with HTTP doors in the function app as it is deployed. */
export default {
  projects: [
    {
      ...common,
      displayName: 'embedded',
      roots: [
        '<rootDir>/packages',
        '<rootDir>/bicep',
        '<rootDir>/infra',
        '<rootDir>/docs',
        '<rootDir>/scripts',
        '<rootDir>/bench',
      ],
      testMatch: ['**/*.test.ts'],
      globals: { zektBackend: 'embedded' },
    },
    {
      ...common,
      displayName: 'azure',
      testMatch: ['<rootDir>/packages/cli/src/e2e/{dispatch,tracking}.test.ts'],
      globals: { zektBackend: 'azure' },
    },
    {
      ...common,
      displayName: 'functions',
      globalSetup: '<rootDir>/scripts/build-functions-for-tests.mjs',
      testMatch: [
        '<rootDir>/functions/src/**/*.test.ts',
        '<rootDir>/packages/cli/src/e2e/{loop,approvals,notifications}.test.ts',
      ],
      globals: { zektBackend: 'functions' },
    },
  ],
  // They mostly wait: for each other, for sockets, for child processes.
  maxWorkers: 4,
  testTimeout: 120_000,
};
