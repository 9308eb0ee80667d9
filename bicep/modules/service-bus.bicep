// The bus: one session queue for each step of the loop.

@description('Name of the namespace.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Standard or Premium.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Messaging units of Premium.')
param capacity int

@description('Principal id of the app.')
param appPrincipalId string

@description('Log Analytics workspace.')
param workspaceId string

@description('Whether it is reached through a private endpoint only; needs Premium.')
param privateNetworking bool

@description('Subnet for endpoints.')
param endpointSubnetId string

@description('Private DNS zone for Service Bus.')
param privateDnsZoneId string

@export()
var queueNames = ['correlate', 'directory', 'dispatch', 'track', 'events', 'approvals', 'notifications', 'hooks']
// Sender and Receiver would do for the app. The platform's scaler also asks how long the queues are, with the same identity, and that takes
// this role; without it, it peeks at a few messages and may leave the app asleep.
var dataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '090c5cfd-751d-490a-894a-3ce6f1109419'
)

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, tier: sku, capacity: sku == 'Premium' ? capacity : null }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
  }
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queueName in queueNames: {
    parent: namespace
    name: queueName
    properties: {
      requiresSession: true
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      deadLetteringOnMessageExpiration: true
      maxSizeInMegabytes: 5120
    }
  }
]

resource own 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace.id, appPrincipalId, dataOwner)
  scope: namespace
  properties: {
    roleDefinitionId: dataOwner
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  params: {
    name: 'pe-${name}'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    resourceId: namespace.id
    groupId: 'namespace'
    privateDnsZoneId: privateDnsZoneId
  }
}

output id string = namespace.id
output hostName string = '${namespace.name}.servicebus.windows.net'
