export const workflow = '.github/workflows/order.yaml';

/** acme's service, and one approved subscription for each of so many consumers in organisations of their own. */
export function resources(consumers: number): object[] {
  const service = {
    apiVersion: 'zekt.dev/v1',
    kind: 'Service',
    metadata: { owner: 'acme', name: 'orders' },
    spec: { repository: 'acme/requests', workflow },
  };
  const subscriptions = Array.from({ length: consumers }, (_, n) => ({
    apiVersion: 'zekt.dev/v1',
    kind: 'Subscription',
    metadata: { name: `consumer-${n}` },
    spec: { service: 'acme/orders', repository: `consumer-${n}/platform`, state: 'approved' },
  }));
  return [service, ...subscriptions];
}
