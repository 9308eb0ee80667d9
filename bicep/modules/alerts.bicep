// What needs a person: that nothing stands still unseen, that objectives are met, and that no limit is near.

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

@description('Log Analytics workspace.')
param workspaceId string

@description('serverless or autoscale.')
param cosmosCapacity string

@description('Request units in five minutes that need a look.')
param requestUnitsPerFiveMinutes int

@description('Messages that wait in a queue for 15 minutes and need a look.')
param backlog int

@description('Whether it is asked from outside.')
param availabilityTest bool

@description('What is asked from outside, and must answer 200.')
param readyUrl string

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

var actionGroupId = empty(email) ? '' : group.id

module metrics 'metric-alerts.bicep' = {
  params: {
    environmentName: environmentName
    tags: tags
    actionGroupId: actionGroupId
    serviceBusId: serviceBusId
    cosmosId: cosmosId
    appId: appId
    cosmosCapacity: cosmosCapacity
    requestUnitsPerFiveMinutes: requestUnitsPerFiveMinutes
    backlog: backlog
  }
}

module logs 'log-alerts.bicep' = {
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    actionGroupId: actionGroupId
    workspaceId: workspaceId
  }
}

module availability 'availability.bicep' = if (availabilityTest) {
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    actionGroupId: actionGroupId
    insightsId: insightsId
    url: readyUrl
  }
}
