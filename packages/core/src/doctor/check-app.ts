import type { AppFacts } from '../ports/github-app.ts';
import { neededEvents, neededPermissions, permissionsOfLoop, satisfies } from './app-needs.ts';
import { broken, doubtful, fine, type Check } from './check.ts';

/** Tokens of jobs and of the App are checked to the minute. */
const tolerableOffsetMs = 60_000;

/** Whether the App has the permissions and events that Zekt needs, and whether our clock agrees with GitHub's. */
export function checkApp({ name, permissions, events, clockOffsetMs }: AppFacts): Check[] {
  return [
    fine('app credentials', `GitHub knows this server as the App '${name}'.`),
    ...checkPermissions(permissions),
    ...neededEvents.map((event) =>
      events.includes(event)
        ? fine(`app event ${event}`, `The App is subscribed to '${event}'.`)
        : broken(
            `app event ${event}`,
            `The App is not subscribed to the event '${event}': GitHub does not send it.`,
            `Settings of the App, Permissions & events, Subscribe to events: tick '${event.replaceAll('_', ' ')}'.`,
          ),
    ),
    checkClock(clockOffsetMs),
  ];
}

function checkPermissions(granted: AppFacts['permissions']): Check[] {
  return Object.entries(neededPermissions).map(([permission, level]) => {
    const id = `app permission ${permission}`;
    if (satisfies(granted[permission], level)) return fine(id, `The App has '${permission}: ${level}'.`);
    const fix = `Settings of the App, Permissions & events: set '${permission}' to '${level}'; an owner of each account then accepts the change.`;
    const sentence = `The App lacks the permission '${permission}: ${level}' (it has '${granted[permission] ?? 'none'}').`;
    return permission in permissionsOfLoop
      ? broken(id, sentence, fix)
      : doubtful(id, `${sentence} Members of teams can't approve.`, fix);
  });
}

function checkClock(offsetMs: number | null): Check {
  if (offsetMs === null) return fine('clock', "GitHub's answer named no time to compare the clock with.");
  if (Math.abs(offsetMs) <= tolerableOffsetMs) return fine('clock', "This machine's clock agrees with GitHub's.");
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return broken(
    'clock',
    `This machine's clock is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} GitHub's: tokens of workflows are refused.`,
    'Set the clock, and keep it by NTP.',
  );
}
