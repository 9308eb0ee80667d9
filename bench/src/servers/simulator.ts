// GitHub on loopback in a process of its own: prints what it took when asked to stop.
import { GitHubSimulator } from '@zekt/simulator';

const github = await GitHubSimulator.start();
let taken = 0;
github.onDispatch = () => {
  taken += 1;
};
// The parent sets up the world and reads its progress by messages.
process.on('message', (message: { kind: string; count?: number }) => {
  if (message.kind === 'set-up') {
    const provider = github.repository('acme/requests');
    const installations = [github.install([provider])];
    const consumers = Array.from({ length: message.count ?? 0 }, (_, n) => github.repository(`consumer-${n}/platform`));
    for (const consumer of consumers) installations.push(github.install([consumer]));
    process.send?.({
      kind: 'ready',
      appId: github.appId,
      privateKey: github.privateKey,
      repositoryId: provider.id,
      ownerId: provider.owner.id,
    });
  }
  if (message.kind === 'count') process.send?.({ kind: 'count', taken });
});
console.log(`listening on ${github.url}`);
process.on('SIGTERM', () => process.exit(0));
