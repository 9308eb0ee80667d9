import type { Ports } from '@zekt/host';

/** Where a process can be made to die: before or after each kind of effect. */
export const crashPoints = [
  'commit.before',
  'commit.after',
  'publish.before',
  'publish.after',
  'decide.before',
  'decide.after',
  'dispatch.before',
  'dispatch.after',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** Makes this process kill itself, as `kill -9` would, when it passes a point for the n-th time. */
export function dieAt(point: CrashPoint, nth: number): (ports: Ports) => Ports {
  let passed = 0;
  const pass = (here: CrashPoint): void => {
    if (here !== point) return;
    passed += 1;
    if (passed === nth) process.kill(process.pid, 'SIGKILL');
  };
  const around = async <T>(
    effect: 'commit' | 'publish' | 'decide' | 'dispatch',
    work: () => Promise<T>,
  ): Promise<T> => {
    pass(`${effect}.before`);
    const result = await work();
    pass(`${effect}.after`);
    return result;
  };
  return ({ store, bus, github }) => ({
    store: {
      get: (partition, id) => store.get(partition, id),
      list: (partition, options) => store.list(partition, options),
      commit: (batch) => around('commit', () => store.commit(batch)),
    },
    bus: {
      publish: (messages) => around('publish', () => bus.publish(messages)),
      commit: (work) => around('publish', () => bus.commit(work)),
      // An outcome is decided, and then takes effect: the process may die on either side of the decision.
      consume: (queue, handler, options) =>
        bus.consume(
          queue,
          async (message) => {
            const decide = await handler(message);
            return () => around('decide', decide);
          },
          options,
        ),
      deadLetters: (queue, options) => bus.deadLetters(queue, options),
      revive: (queue, id) => bus.revive(queue, id),
      reviveAll: (queue) => bus.reviveAll(queue),
      depth: (queue) => bus.depth(queue),
    },
    github: {
      dispatch: (request) => around('dispatch', () => github.dispatch(request)),
      findRun: (repository, runId, attempt) => github.findRun(repository, runId, attempt),
      findRepository: (name) => github.findRepository(name),
      findInstallation: (name) => github.findInstallation(name),
      findUser: (login, installationId) => github.findUser(login, installationId),
      isTeamMember: (team, user, installationId) => github.isTeamMember(team, user, installationId),
      teamMembers: (team, installationId) => github.teamMembers(team, installationId),
    },
  });
}
