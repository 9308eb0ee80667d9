export { makeAppKey } from './app-key.ts';
export type { AppSettings } from './app-settings.ts';
export { EntraSimulator, type CardTokenOptions, type EntraOptions, type EntraUser } from './entra-simulator.ts';
export type { Fault, FaultRule } from './faults.ts';
export { appPermissions, GitHubSimulator, type Exchange, type SimulatorOptions } from './github-simulator.ts';
export { workflowRunWebhook } from './representations.ts';
export { OtlpCollector } from './otlp-collector.ts';
export { parseOutputs, runAction, type Step, type StepResult } from './runner.ts';
export { makeSigningKey, type SigningKeyPair } from './signing-key-pair.ts';
export { SlackSimulator, type SlackMessage } from './slack-simulator.ts';
export { TeamsSimulator, type Click, type ClickAnswer, type PostedCard } from './teams-simulator.ts';
export type { HookDelivery, WebhookTarget, WebhookWeather } from './webhook-sender.ts';
export {
  fullName,
  World,
  type Account,
  type Dispatch,
  type Installation,
  type NewRun,
  type Repository,
  type WorkflowRun,
} from './world.ts';
