// What a function app is at the least: one function, with Microsoft's library.
import { app } from '@azure/functions';

app.http('getHealth', {
  methods: ['GET'],
  route: 'api/health',
  authLevel: 'anonymous',
  handler: async () => ({ jsonBody: { status: 'ok' } }),
});
