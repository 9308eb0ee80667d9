// For tests and development: store and bus on doubles.
export * from './back-up.ts';
export * from './on-doubles.ts';
