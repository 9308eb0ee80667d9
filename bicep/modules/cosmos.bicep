// The store: one container for everything, so that a batch can be atomic, and one for the place of the change feed.

@description('Name of the account.')
param name string

@description('Azure regions: the first is written to, a second one has a replica and takes over.')
param locations string[]

@description('Session or Strong.')
@allowed(['Session', 'Strong'])
param consistency string

@description('Whether each region\'s copies are spread over its zones.')
param zoneRedundant bool

@description('Tags.')
param tags { *: string }

@description('serverless or autoscale.')
@allowed(['serverless', 'autoscale'])
param capacity string

@description('Most request units per second with autoscale.')
param maxThroughput int

@description('Principal id of the app.')
param appPrincipalId string

@description('Log Analytics workspace.')
param workspaceId string

@description('Whether it is reached through a private endpoint only.')
param privateNetworking bool

@description('Subnet for endpoints.')
param endpointSubnetId string

@description('Private DNS zone for Cosmos DB.')
param privateDnsZoneId string

var isServerless = capacity == 'serverless'
var dataContributor = '00000000-0000-0000-0000-000000000002'

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: locations[0]
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [
      for (locationName, index) in locations: {
        locationName: locationName
        failoverPriority: index
        isZoneRedundant: zoneRedundant
      }
    ]
    // One region writes: a right that was taken back must not come back by a write elsewhere that was later by a clock.
    enableMultipleWriteLocations: false
    enableAutomaticFailover: length(locations) > 1
    capabilities: isServerless ? [{ name: 'EnableServerless' }] : []
    consistencyPolicy: { defaultConsistencyLevel: consistency }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  parent: account
  name: 'zekt'
  properties: {
    resource: { id: 'zekt' }
  }
}

resource state 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  parent: database
  name: 'state'
  properties: {
    resource: {
      id: 'state'
      partitionKey: { paths: ['/pk'], kind: 'Hash', version: 2 }
      defaultTtl: -1
      indexingPolicy: {
        indexingMode: 'consistent'
        automatic: true
        includedPaths: [{ path: '/key/?' }, { path: '/outboxAt/?' }]
        excludedPaths: [{ path: '/*' }]
      }
    }
    options: isServerless ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
  }
}

resource leases 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  parent: database
  name: 'leases'
  properties: {
    resource: {
      id: 'leases'
      partitionKey: { paths: ['/id'], kind: 'Hash', version: 2 }
    }
    options: isServerless ? {} : { autoscaleSettings: { maxThroughput: 1000 } }
  }
}

// Data only: not even the app may change the account or its containers.
resource contribute 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = {
  parent: account
  name: guid(account.id, appPrincipalId, dataContributor)
  properties: {
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${dataContributor}'
    principalId: appPrincipalId
    scope: '${account.id}/dbs/${database.name}'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'ControlPlaneRequests', enabled: true }
      { category: 'PartitionKeyRUConsumption', enabled: true }
    ]
    metrics: [{ category: 'Requests', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  params: {
    name: 'pe-${name}'
    location: locations[0]
    tags: tags
    subnetId: endpointSubnetId
    resourceId: account.id
    groupId: 'Sql'
    privateDnsZoneId: privateDnsZoneId
  }
}

output id string = account.id
output endpoint string = account.properties.documentEndpoint
