// Alerts on what the app tells of itself, and on its silence. The queries are those of infra/queries; an alert goes on from one of them.
import { queries } from 'queries.bicep'

@description('Name of this deployment.')
param environmentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Action group that is told; empty for nobody.')
param actionGroupId string

@description('Log Analytics workspace.')
param workspaceId string

// Any row that comes of a query is an alert: one for each value of the dimension where there is one. Where `ends` is false, a person ends it.
var alerts = [
  {
    name: 'no-heartbeat'
    description: 'A timer has not done its work for too long: it, or all of the app, stands still. See whether /api/ready answers, and whether the functions are loaded.'
    severity: 0
    query: '${queries.heartbeats}| where isQuiet\n'
    dimension: 'timer'
    windowSize: 'PT3H'
    ends: true
  }
  {
    name: 'functions-missing'
    description: 'An instance of the host has loaded fewer functions than the app has. Look for an error at its start in the log stream; deploy again.'
    severity: 1
    query: '${queries['functions-loaded']}| where lacking > 0\n'
    dimension: ''
    windowSize: 'PT1H'
    ends: true
  }
  {
    name: 'cannot-start'
    description: 'The app cannot start: a setting is missing or wrong, such as a reference to Key Vault that was not resolved. The log names the settings.'
    severity: 0
    query: queries['cannot-start']
    dimension: ''
    windowSize: 'PT5M'
    ends: true
  }
  {
    name: 'answers-fail'
    description: 'Senders or GitHub get failures for answers more often than the objective allows. See the failures in Application Insights.'
    severity: 1
    query: '${queries['slo-success']}| where answers >= 20 and success < target\n'
    dimension: 'route'
    windowSize: 'PT30M'
    ends: true
  }
  {
    name: 'too-slow'
    description: 'Answers, or dispatches after a completion, take longer than the objective allows. See the ages of the queues, throttling, and the pace of installations.'
    severity: 2
    query: '${queries['slo-latency']}| where total >= 20 and success < target\n'
    dimension: 'step'
    windowSize: 'PT30M'
    ends: true
  }
  {
    name: 'queue-age'
    description: 'Messages wait for more than five minutes past their time. Look for throttling, or raise maximumInstanceCount.'
    severity: 2
    query: '${queries['queue-age']}| where age > 300000\n'
    dimension: 'queue'
    windowSize: 'PT15M'
    ends: true
  }
  {
    name: 'sweeps-find'
    description: 'Sweeps find work that should not have been left for them, for an hour: the change feed is not relayed, or decisions miss messages.'
    severity: 2
    query: '${queries.sweeps}| where sweep in (\'outbox\', \'messages\') and found > 0 | summarize periods = count() by sweep | where periods >= 5\n'
    dimension: 'sweep'
    windowSize: 'PT1H'
    ends: true
  }
  {
    name: 'webhooks-missed'
    description: 'GitHub could not deliver many webhooks in an hour; it was asked to send them again. See whether Zekt was away, or answered with errors.'
    severity: 2
    query: '${queries.sweeps}| where sweep == \'webhooks\' | summarize missed = sum(found) | where missed > 20\n'
    dimension: ''
    windowSize: 'PT1H'
    ends: true
  }
  {
    name: 'outbox-quarantine'
    description: 'An entry of the outbox was given up after ten tries. docs/reference/functions.md says how to send it again.'
    severity: 1
    query: queries['outbox-quarantined']
    dimension: ''
    windowSize: 'PT15M'
    ends: false
  }
  {
    name: 'github-quota'
    description: 'GitHub takes few more requests of an installation in this hour: below 500. Deliveries to it will wait.'
    severity: 2
    query: '${queries['github-quota']}| where remaining < 500\n'
    dimension: 'installation'
    windowSize: 'PT15M'
    ends: true
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for it in alerts: {
    name: 'zekt-${environmentName}-${it.name}'
    location: location
    tags: tags
    properties: {
      description: it.description
      severity: it.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: it.windowSize
      autoMitigate: it.ends
      // A new workspace has no tables yet. The queries are analysed when this is built.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: it.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: empty(it.dimension) ? [] : [{ name: it.dimension, operator: 'Include', values: ['*'] }]
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(actionGroupId) ? [] : [actionGroupId] }
    }
  }
]
