export const workflow = '.github/workflows/order.yaml';
export const workflowOf = (n: number): string => `.github/workflows/order-${n}.yaml`;

/** acme's service, and one approved subscription for each of so many consumers in organisations of their own. */
export const resources = (consumers: number): object[] => [
  service('orders', workflow),
  ...Array.from({ length: consumers }, (_, n) => subscription('orders', n)),
];

/** So many services of acme, each with one consumer. */
export const servicesWithOneConsumer = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => [
    service(`orders-${n}`, workflowOf(n)),
    subscription(`orders-${n}`, n),
  ]).flat();

const service = (name: string, ofWorkflow: string): object => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Service',
  metadata: { owner: 'acme', name },
  spec: { repository: 'acme/requests', workflow: ofWorkflow, eventTypes: ['ordered'] },
});

const subscription = (to: string, consumer: number): object => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Subscription',
  metadata: { name: `consumer-${consumer}` },
  spec: { service: `acme/${to}`, repository: `consumer-${consumer}/platform`, state: 'approved' },
});
