// Everything that Zekt needs in one resource group. No key and no connection string anywhere: identities only, and secrets in Key Vault.
targetScope = 'resourceGroup'

@description('Name of this deployment: part of every resource name. Lower case letters, digits and dashes.')
@minLength(2)
@maxLength(16)
param environmentName string

@description('Azure region.')
param location string = resourceGroup().location

@description('Tags on every resource.')
param tags { *: string } = {}

@description('Id of the GitHub App, from its settings page. Empty until the App is registered.')
param githubAppId string = ''

@description('Private key of the GitHub App (PEM). Empty: the secret in Key Vault stays as it is.')
@secure()
param githubAppPrivateKey string = ''

@description('Secret of the GitHub App\'s webhook. Empty: the secret in Key Vault stays as it is.')
@secure()
param githubWebhookSecret string = ''

@description('The webhook secret before this one, during a rotation. Empty: the secret in Key Vault stays as it is.')
@secure()
param githubWebhookSecretPrevious string = ''

@description('Bearer token of the management API, 16 characters or more. Empty: the secret in Key Vault stays as it is.')
@secure()
param adminToken string = ''

@description('The management token before this one, during a rotation. Empty: the secret in Key Vault stays as it is.')
@secure()
param adminTokenPrevious string = ''

@description('Keys that approvals are signed with: id:base64 of 32 bytes. Empty leaves the secret approval-keys alone.')
@secure()
param approvalKeys string = ''

@description('Client secret of the GitHub App. Empty leaves the secret alone.')
@secure()
param githubClientSecret string = ''

@description('Client secret of the Entra application. Empty leaves the secret alone.')
@secure()
param entraClientSecret string = ''

@description('Whether a previous webhook secret is in use, so that the app reads it.')
param rotatingWebhookSecret bool = false

@description('Whether a previous management token is in use, so that the app takes both.')
param rotatingAdminToken bool = false

@description('OIDC issuers whose workflow tokens are trusted, comma-separated.')
param oidcIssuers string = 'https://token.actions.githubusercontent.com'

@description('Audiences of workflow tokens that are taken beside the public URL, comma-separated. api://zekt is that of the published action before version 2 of this server.')
param oidcAudience string = ''

@description('URL of GitHub\'s REST API: another for GitHub Enterprise.')
param githubApiUrl string = 'https://api.github.com'

@description('Writes to GitHub per installation and minute.')
@minValue(1)
param dispatchPerMinute int = 80

@description('Messages that a repository may send in an hour.')
@minValue(1)
param messagesPerHour int = 3600

@description('Megabytes of payloads that are kept for one account, for 90 days.')
@minValue(1)
param keptMbPerAccount int = 1024

@description('How many of them may come at once after a pause.')
@minValue(1)
param dispatchBurst int = 10

@description('Waits between the tries of a delivery, comma-separated.')
param retrySchedule string = '1s,5s,30s,2m,10m,1h,3h,8h,12h'

@description('Waits between the tries of a notification, comma-separated.')
param notificationRetrySchedule string = '2s,10s,1m,5m,15m,1h,3h,6h,12h'

@description('The same event is notified of once within this time, unless its alert says otherwise.')
param notificationDedupe string = '5m'

@description('off: no hook is called, whatever is set up.')
@allowed(['on', 'off'])
param hooks string = 'on'

@description('Whether the app may set and delete secrets in the vault, so that zekt secrets and zekt apply can; otherwise it only reads them.')
param appKeepsSecrets bool = true

@description('How long a message waits for its run\'s completion before GitHub is asked.')
param completionWait string = '24h'

@description('How long a completed run without a message waits for one before it is delivered as an event alone.')
param eventOnlyGrace string = '10s'

@description('How often GitHub is asked for webhooks that never arrived; 0ms: never.')
param reconcileEvery string = '5m'

@description('How long a consumer has to confirm a durable delivery before diagnose counts it as failed.')
param confirmWithin string = '1h'

@description('Where people and Microsoft reach Zekt, when that is not the app\'s own host name.')
param publicUrl string = ''

@description('Client id of the GitHub App, for people who sign in to decide. Empty: not offered. Its secret is github-client-secret in Key Vault.')
param githubAppClientId string = ''

@description('Ids of the Entra tenants whose people may decide, comma-separated.')
param entraTenants string = ''

@description('Client id of the Entra application that people sign in to. Empty: not offered. Its secret is entra-client-secret in Key Vault.')
param entraClientId string = ''

@description('Audiences of Entra tokens behind clicks on cards, comma-separated: App ID URIs or client ids. Empty: not taken.')
param cardAudiences string = ''

@description('Application id of the bot whose clicks are taken. Empty: none.')
param cardBotAppId string = ''

@description('CIDRs and host names that webhooks may have although they are private, comma-separated.')
param egressAllow string = ''

@description('Log level of the app.')
@allowed(['debug', 'info', 'warn', 'error', 'silent'])
param logLevel string = 'info'

@description('Where traces, metrics and logs go: Application Insights, or nowhere.')
@allowed(['azuremonitor', 'off'])
param telemetry string = 'azuremonitor'

@description('Cosmos DB by what is used (serverless, to about 5,000 RU/s) or with autoscale.')
@allowed(['serverless', 'autoscale'])
param cosmosCapacity string = 'serverless'

@description('Most request units per second with autoscale; a tenth of it is the least that is billed.')
@minValue(1000)
param cosmosMaxThroughput int = 4000

@description('Service Bus tier. Premium has private endpoints and its own capacity.')
@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@description('Messaging units of Service Bus Premium.')
@allowed([1, 2, 4, 8, 16])
param serviceBusCapacity int = 1

@description('Instances for HTTP that are always ready: 0 makes the first webhook after a pause wait for a cold start.')
@minValue(0)
param alwaysReadyInstances int = 1

@description('Instances of the function correlate that are always ready: 0 makes the first run after a pause wait until the platform has looked at the queue and started one.')
@minValue(0)
param alwaysReadyCorrelate int = 1

@description('Instances of the function dispatch that are always ready: 0 makes the first delivery after a pause wait once more.')
@minValue(0)
param alwaysReadyDispatch int = 1

@description('Requests that an instance takes at once before the platform starts another. Any may bring 25 MB before anybody knows from whom: no more than 10 with 2 GB, or 20 with 4 GB.')
@minValue(1)
@maxValue(20)
param httpConcurrency int = 10

@description('Most instances of a function. Each asks a queue for as many sessions as host.json says (24), and a queue takes 5,000 receivers.')
@minValue(40)
@maxValue(208)
param maximumInstanceCount int = 100

@description('Memory of an instance in MB: 2048 or 4096. Flex Consumption has 512, too; a webhook of 25 MB needs more.')
@minValue(2048)
@maxValue(4096)
param instanceMemoryMB int = 2048

@description('Version of Node: the one that Flex Consumption takes in your region: az functionapp list-flexconsumption-runtimes.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Whether storage, Key Vault, Cosmos DB and Service Bus are reached through private endpoints only. Needs Service Bus Premium.')
param privateNetworking bool = false

@description('Address range of the virtual network, a /24 or larger.')
param addressPrefix string = '10.42.0.0/24'

@description('Who is told when something needs a person. Empty: nobody, the alerts only show in the portal.')
param alertEmail string = ''

@description('Whether Zekt is asked from four places of the world, every five minutes, if it is ready. Each question is billed, and keeps an instance awake.')
param availabilityTest bool = true

@description('Messages that wait in a queue for 15 minutes before an alert tells.')
@minValue(1)
param backlog int = 500

@description('Request units of Cosmos DB in five minutes before an alert tells. Serverless takes 1,500,000 for a physical partition.')
@minValue(1)
param requestUnitsPerFiveMinutes int = 1200000

@description('Percent of traces that are kept. Metrics, and so alerts and objectives, count everything.')
@minValue(0)
@maxValue(100)
param tracePercent int = 100

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Object id of the person or pipeline that sets secrets in Key Vault. Empty: nobody is given that right here.')
param operatorPrincipalId string = ''

@description('Whether the operator is a person or a service principal.')
@allowed(['User', 'ServicePrincipal', 'Group'])
param operatorPrincipalType string = 'User'

@description('Changes the names that are unique in all of Azure. Set it when a deleted Key Vault still keeps its name, or when a second Cosmos DB account is restored beside the first.')
param nameSalt string = ''

// Zones, regions and how new versions come in.
@description('Whether what a region has in zones is spread over them: function app, storage, Cosmos DB. Service Bus is by itself.')
param zoneRedundant bool = false

@description('How a new version replaces running instances: all at once (Recreate), or a batch at a time (RollingUpdate).')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string = 'Recreate'

@description('Name of the Cosmos DB account, where it is not the computed one: that of an account that a backup was restored into.')
param cosmosAccountName string = ''

@description('A second region with an app and a bus of its own, behind one address; the store is replicated there. Empty: none. Needs cosmosCapacity autoscale, without privateNetworking.')
param secondaryLocation string = ''

@description('Whether the store answers a write before the second region has it (Session), or after (Strong: nothing that was answered is lost with a region).')
@allowed(['Session', 'Strong'])
param cosmosConsistency string = 'Session'

var hasSecondary = !empty(secondaryLocation)
var locations = !hasSecondary
  ? [location]
  : cosmosCapacity == 'serverless' || privateNetworking
      ? fail('secondaryLocation needs cosmosCapacity autoscale, and privateNetworking false.')
      : [location, secondaryLocation]
var suffix = empty(nameSalt)
  ? uniqueString(subscription().id, resourceGroup().id, environmentName)
  : uniqueString(subscription().id, resourceGroup().id, environmentName, nameSalt)
var names = {
  identity: 'id-zekt-${environmentName}'
  workspace: 'log-zekt-${environmentName}'
  insights: 'appi-zekt-${environmentName}'
  storage: 'stzekt${suffix}'
  vault: 'kv-zekt-${take(suffix, 13)}'
  cosmos: empty(cosmosAccountName) ? 'cosmos-zekt-${suffix}' : cosmosAccountName
  serviceBus: 'sb-zekt-${suffix}'
  plan: 'plan-zekt-${environmentName}'
  app: 'func-zekt-${suffix}'
  network: 'vnet-zekt-${environmentName}'
  frontDoor: 'afd-zekt-${environmentName}'
}
// What each region has of its own; the first region's names have no number.
var regionSuffixes = ['', '2']
var allTags = union(tags, { application: 'zekt', environment: environmentName })

module identity 'modules/identity.bicep' = {
  params: { name: names.identity, location: location, tags: allTags }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    appPrincipalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: { name: names.network, location: location, tags: allTags, addressPrefix: addressPrefix }
}

module storage 'modules/storage.bicep' = [for (region, index) in locations: {
  params: {
    name: '${names.storage}${regionSuffixes[index]}'
    location: region
    tags: allTags
    zoneRedundant: zoneRedundant
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateNetworking: privateNetworking
    endpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneId: privateNetworking ? network!.outputs.blobZoneId : ''
  }
}]

module vault 'modules/key-vault.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: allTags
    appPrincipalId: identity.outputs.principalId
    appKeepsSecrets: appKeepsSecrets
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
    workspaceId: monitoring.outputs.workspaceId
    githubAppPrivateKey: githubAppPrivateKey
    githubWebhookSecret: githubWebhookSecret
    githubWebhookSecretPrevious: githubWebhookSecretPrevious
    adminToken: adminToken
    adminTokenPrevious: adminTokenPrevious
    approvalKeys: approvalKeys
    githubClientSecret: githubClientSecret
    entraClientSecret: entraClientSecret
    privateNetworking: privateNetworking
    endpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneId: privateNetworking ? network!.outputs.vaultZoneId : ''
  }
}

module cosmos 'modules/cosmos.bicep' = {
  params: {
    name: names.cosmos
    locations: locations
    consistency: cosmosConsistency
    zoneRedundant: zoneRedundant
    tags: allTags
    capacity: cosmosCapacity
    maxThroughput: cosmosMaxThroughput
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateNetworking: privateNetworking
    endpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneId: privateNetworking ? network!.outputs.cosmosZoneId : ''
  }
}

module serviceBus 'modules/service-bus.bicep' = [for (region, index) in locations: {
  params: {
    name: '${names.serviceBus}${regionSuffixes[index]}'
    location: region
    tags: allTags
    sku: serviceBusSku
    capacity: serviceBusCapacity
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateNetworking: privateNetworking && serviceBusSku == 'Premium'
    endpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneId: privateNetworking ? network!.outputs.serviceBusZoneId : ''
  }
}]

module frontDoor 'modules/front-door.bicep' = if (hasSecondary) {
  params: { name: names.frontDoor, endpointName: 'zekt-${suffix}', tags: allTags }
}

module functions 'modules/functions.bicep' = [for (region, index) in locations: {
  params: {
    name: '${names.app}${regionSuffixes[index]}'
    planName: '${names.plan}${regionSuffixes[index]}'
    location: region
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage[index].outputs.name
    packageContainerUrl: storage[index].outputs.packageContainerUrl
    cosmosEndpoint: cosmos.outputs.endpoint
    serviceBusHostName: serviceBus[index].outputs.hostName
    insightsName: monitoring.outputs.insightsName
    vaultUri: vault.outputs.uri
    workspaceId: monitoring.outputs.workspaceId
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    alwaysReady: {
      http: alwaysReadyInstances
      'function:correlate': alwaysReadyCorrelate
      'function:dispatch': alwaysReadyDispatch
    }
    httpConcurrency: httpConcurrency
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    nodeVersion: nodeVersion
    githubAppId: githubAppId
    rotatingWebhookSecret: rotatingWebhookSecret
    rotatingAdminToken: rotatingAdminToken
    oidcIssuers: oidcIssuers
    oidcAudience: oidcAudience
    githubApiUrl: githubApiUrl
    dispatchPerMinute: dispatchPerMinute
    messagesPerHour: messagesPerHour
    keptMbPerAccount: keptMbPerAccount
    dispatchBurst: dispatchBurst
    retrySchedule: retrySchedule
    notificationRetrySchedule: notificationRetrySchedule
    notificationDedupe: notificationDedupe
    hooks: hooks
    completionWait: completionWait
    eventOnlyGrace: eventOnlyGrace
    confirmWithin: confirmWithin
    reconcileEvery: reconcileEvery
    publicUrl: !empty(publicUrl) || !hasSecondary ? publicUrl : 'https://${frontDoor!.outputs.hostName}'
    isFirst: index == 0
    zoneRedundant: zoneRedundant
    siteUpdateStrategy: siteUpdateStrategy
    githubAppClientId: githubAppClientId
    entraTenants: entraTenants
    entraClientId: entraClientId
    cardAudiences: cardAudiences
    cardBotAppId: cardBotAppId
    egressAllow: egressAllow
    logLevel: logLevel
    telemetry: telemetry
    tracePercent: tracePercent
  }
}]

module frontDoorRoute 'modules/front-door-route.bicep' = if (hasSecondary) {
  params: {
    profileName: frontDoor!.outputs.profileName
    endpointName: frontDoor!.outputs.endpointName
    hostNames: [for (_, index) in locations: functions[index].outputs.hostName]
  }
}

module alerts 'modules/alerts.bicep' = {
  params: {
    environmentName: environmentName
    location: location
    tags: allTags
    email: alertEmail
    serviceBusId: serviceBus[0].outputs.id
    cosmosId: cosmos.outputs.id
    appId: functions[0].outputs.id
    insightsId: monitoring.outputs.insightsId
    workspaceId: monitoring.outputs.workspaceId
    cosmosCapacity: cosmosCapacity
    requestUnitsPerFiveMinutes: requestUnitsPerFiveMinutes
    backlog: backlog
    availabilityTest: availabilityTest
    readyUrl: 'https://${functions[0].outputs.hostName}/api/ready'
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    environmentName: environmentName
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
  }
}

@description('Where Zekt answers.')
output zektUrl string = 'https://${hasSecondary ? frontDoor!.outputs.hostName : functions[0].outputs.hostName}'

@description('What the GitHub App sends its webhooks to.')
output webhookUrl string = 'https://${hasSecondary ? frontDoor!.outputs.hostName : functions[0].outputs.hostName}/api/github/webhooks'

@description('Name of the function app, to deploy to.')
output functionAppName string = functions[0].outputs.name

@description('Name of the second region\'s function app, to deploy the same package to. Empty: there is none.')
output secondFunctionAppName string = hasSecondary ? functions[1].outputs.name : ''

@description('Name of the Key Vault that holds the secrets.')
output keyVaultName string = vault.outputs.name
