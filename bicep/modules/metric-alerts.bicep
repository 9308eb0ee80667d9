// Alerts on the platform's own metrics: they go on when the app does not.
import { queueNames } from 'service-bus.bicep'

@description('Name of this deployment.')
param environmentName string

@description('Tags.')
param tags { *: string }

@description('Action group that is told; empty for nobody.')
param actionGroupId string

@description('Service Bus namespace.')
param serviceBusId string

@description('Cosmos DB account.')
param cosmosId string

@description('Function app.')
param appId string

@description('serverless or autoscale.')
param cosmosCapacity string

@description('Request units in five minutes that need a look.')
param requestUnitsPerFiveMinutes int

@description('Messages that wait in a queue for 15 minutes and need a look.')
param backlog int

var bus = 'Microsoft.ServiceBus/namespaces'
var store = 'Microsoft.DocumentDB/databaseAccounts'
var app = 'Microsoft.Web/sites'

var queues = [{ name: 'EntityName', operator: 'Include', values: ['*'] }]

// Each fires above its threshold.
var everywhere = [
  {
    name: 'dead-letters'
    description: 'A message was given up. npx zekt dead-letter list shows it with its reason; npx zekt dead-letter revive brings it back.'
    severity: 1
    scope: serviceBusId
    windowSize: 'PT5M'
    namespace: bus
    metric: 'DeadletteredMessages'
    threshold: 0
    aggregation: 'Average'
    dimensions: queues
  }
  {
    name: 'queue-nearly-full'
    description: 'A queue is used to four fifths of its 5 GB; when it is full, senders and GitHub are refused. See which queue does not drain.'
    severity: 1
    scope: serviceBusId
    windowSize: 'PT15M'
    namespace: bus
    metric: 'Size'
    threshold: 4294967296
    aggregation: 'Average'
    dimensions: queues
  }
  {
    name: 'bus-throttled'
    description: 'Service Bus refuses requests for lack of capacity. Go from Standard to Premium, or add messaging units.'
    severity: 2
    scope: serviceBusId
    windowSize: 'PT15M'
    namespace: bus
    metric: 'ThrottledRequests'
    threshold: 10
    aggregation: 'Total'
    dimensions: []
  }
  {
    name: 'backlog'
    description: 'More messages wait in a queue than expected (backlog), for 15 minutes. See its age in the workbook, throttling, and maximumInstanceCount.'
    severity: 1
    scope: serviceBusId
    windowSize: 'PT15M'
    namespace: bus
    metric: 'ActiveMessages'
    threshold: backlog
    aggregation: 'Minimum'
    dimensions: queues
  }
  {
    name: 'server-errors'
    description: 'Zekt answered with 5xx. Senders try again; see the failures in Application Insights.'
    severity: 2
    scope: appId
    windowSize: 'PT15M'
    namespace: app
    metric: 'Http5xx'
    threshold: 5
    aggregation: 'Total'
    dimensions: []
  }
  {
    name: 'store-throttled'
    description: 'Cosmos DB refuses requests for lack of throughput. Raise cosmosMaxThroughput, or go from serverless to autoscale.'
    severity: 2
    scope: cosmosId
    windowSize: 'PT15M'
    namespace: store
    metric: 'TotalRequests'
    threshold: 100
    aggregation: 'Count'
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
  }
  {
    name: 'request-units'
    description: 'Cosmos DB was asked for more request units in five minutes than expected (requestUnitsPerFiveMinutes): the bill and the limit come near.'
    severity: 3
    scope: cosmosId
    windowSize: 'PT5M'
    namespace: store
    metric: 'TotalRequestUnits'
    threshold: requestUnitsPerFiveMinutes
    aggregation: 'Total'
    dimensions: []
  }
]

var withAutoscale = [
  {
    name: 'store-nearly-full'
    description: 'A physical partition of Cosmos DB uses nine tenths of its throughput. Raise cosmosMaxThroughput.'
    severity: 2
    scope: cosmosId
    windowSize: 'PT15M'
    namespace: store
    metric: 'NormalizedRUConsumption'
    threshold: 90
    aggregation: 'Average'
    dimensions: []
  }
]

resource above 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for it in concat(everywhere, cosmosCapacity == 'autoscale' ? withAutoscale : []): {
    name: 'zekt-${environmentName}-${it.name}'
    location: 'global'
    tags: tags
    properties: {
      description: it.description
      severity: it.severity
      enabled: true
      scopes: [it.scope]
      evaluationFrequency: 'PT5M'
      windowSize: it.windowSize
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: it.metric
            metricNamespace: it.namespace
            metricName: it.metric
            // A new resource does not list what it has not measured yet.
            skipMetricValidation: true
            dimensions: it.dimensions
            operator: 'GreaterThan'
            threshold: it.threshold
            timeAggregation: it.aggregation
          }
        ]
      }
      actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
    }
  }
]

// With more than one criterion an alert takes one queue, so each has its own. Below it is the backlog's, should a queue without work give no
// zeros to compare.
resource standing 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for queue in queueNames: {
    name: 'zekt-${environmentName}-${queue}-stands-still'
    location: 'global'
    tags: tags
    properties: {
      description: 'Messages wait in ${queue}, and none is worked on. See whether its function is loaded and runs: npx zekt doctor, then the log stream.'
      severity: 0
      enabled: true
      scopes: [serviceBusId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'waiting'
            metricNamespace: bus
            metricName: 'ActiveMessages'
            skipMetricValidation: true
            dimensions: [{ name: 'EntityName', operator: 'Include', values: [queue] }]
            operator: 'GreaterThan'
            threshold: 0
            timeAggregation: 'Minimum'
          }
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'worked-on'
            metricNamespace: bus
            metricName: 'CompleteMessage'
            skipMetricValidation: true
            dimensions: [{ name: 'EntityName', operator: 'Include', values: [queue] }]
            operator: 'LessThan'
            threshold: 1
            timeAggregation: 'Total'
          }
        ]
      }
      actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
    }
  }
]
