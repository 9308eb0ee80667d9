export { answer } from './answer.ts';
export { errorStatuses } from './answer-error.ts';
export { Cursors } from './cursor.ts';
export { createApp } from './create-app.ts';
export { routes, type Route } from './routes.ts';
export type { Zekt } from './zekt.ts';
