/** Tests are ES modules run by Node's own loader; swc only strips the types. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/docs', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
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
  testTimeout: 60_000,
};
