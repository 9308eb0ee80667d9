// What needs a person: messages that were given up, work that is late, answers that fail, a store that is throttled.

@description('Name of this deployment.')
param environmentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Who is told; empty for nobody.')
param email string

@description('Service Bus namespace.')
param serviceBusId string

@description('Cosmos DB account.')
param cosmosId string

@description('Function app.')
param appId string

@description('Application Insights component.')
param insightsId string

var actions = empty(email) ? [] : [{ actionGroupId: group.id }]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-zekt-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'zekt'
    enabled: true
    emailReceivers: [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'zekt-${environmentName}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message was given up. zekt deliveries --dead shows it with its reason; zekt revive brings it back.'
    severity: 1
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Average'
        }
      ]
    }
    actions: actions
  }
}

resource serverErrors 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'zekt-${environmentName}-server-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'Zekt answered with 5xx. Senders try again; see the failures in Application Insights.'
    severity: 2
    enabled: true
    scopes: [appId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'errors'
          metricNamespace: 'Microsoft.Web/sites'
          metricName: 'Http5xx'
          // Flex Consumption has it, but does not list it before the first request.
          skipMetricValidation: true
          operator: 'GreaterThan'
          threshold: 5
          timeAggregation: 'Total'
        }
      ]
    }
    actions: actions
  }
}

resource storeThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'zekt-${environmentName}-store-throttled'
  location: 'global'
  tags: tags
  properties: {
    description: 'Cosmos DB refuses requests for lack of throughput. Raise cosmosMaxThroughput, or go from serverless to autoscale.'
    severity: 2
    enabled: true
    scopes: [cosmosId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.DocumentDB/databaseAccounts'
          metricName: 'TotalRequests'
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
          operator: 'GreaterThan'
          threshold: 100
          timeAggregation: 'Count'
        }
      ]
    }
    actions: actions
  }
}

resource busThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'zekt-${environmentName}-bus-throttled'
  location: 'global'
  tags: tags
  properties: {
    description: 'Service Bus refuses requests for lack of capacity. Go from Standard to Premium, or add messaging units.'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'ThrottledRequests'
          operator: 'GreaterThan'
          threshold: 10
          timeAggregation: 'Total'
        }
      ]
    }
    actions: actions
  }
}

// Service Bus does not tell how old its messages are; the app does, for each that it works on.
resource queueAge 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'zekt-${environmentName}-queue-age'
  location: location
  tags: tags
  properties: {
    description: 'Messages wait for more than five minutes past their time. Look for throttling, or raise maximumInstanceCount.'
    severity: 2
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'customMetrics | where name == "zekt.queue.age" | summarize age = max(valueMax) by bin(timestamp, 5m)'
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'age'
          operator: 'GreaterThan'
          threshold: 300000
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: empty(email) ? [] : [group.id] }
  }
}
