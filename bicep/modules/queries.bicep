// What is asked of the logs, for the workbook and for the alerts: the files of infra/queries, by name.

@export()
var queries = {
  answers: loadTextContent('../../infra/queries/answers.kql')
  'cannot-start': loadTextContent('../../infra/queries/cannot-start.kql')
  deliveries: loadTextContent('../../infra/queries/deliveries.kql')
  'functions-loaded': loadTextContent('../../infra/queries/functions-loaded.kql')
  'github-quota': loadTextContent('../../infra/queries/github-quota.kql')
  heartbeats: loadTextContent('../../infra/queries/heartbeats.kql')
  intake: loadTextContent('../../infra/queries/intake.kql')
  notifications: loadTextContent('../../infra/queries/notifications.kql')
  'outbox-quarantined': loadTextContent('../../infra/queries/outbox-quarantined.kql')
  'queue-age': loadTextContent('../../infra/queries/queue-age.kql')
  retries: loadTextContent('../../infra/queries/retries.kql')
  'slo-latency': loadTextContent('../../infra/queries/slo-latency.kql')
  'slo-success': loadTextContent('../../infra/queries/slo-success.kql')
  sweeps: loadTextContent('../../infra/queries/sweeps.kql')
}
