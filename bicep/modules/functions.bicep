// The function app on Flex Consumption. Every connection is an identity; every secret a reference to Key Vault.

@description('Name of the function app.')
param name string

@description('Name of its plan.')
param planName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Storage account of the Functions host.')
param storageName string

@description('Where the app\'s package lies.')
param packageContainerUrl string

@description('Endpoint of Cosmos DB.')
param cosmosEndpoint string

@description('Host name of Service Bus.')
param serviceBusHostName string

@description('Application Insights component.')
param insightsName string

@description('URI of the Key Vault.')
param vaultUri string

@description('Log Analytics workspace.')
param workspaceId string

@description('Subnet of the app; empty for none.')
param subnetId string

@description('Instances that are always ready, by what they are for: http, or function:<name>.')
param alwaysReady { *: int }

@description('Requests that an instance takes at once.')
param httpConcurrency int

@description('Most instances.')
param maximumInstanceCount int

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('Version of Node.')
param nodeVersion string

@description('Id of the GitHub App.')
param githubAppId string

@description('Whether the previous webhook secret is read.')
param rotatingWebhookSecret bool

@description('Whether the previous management token is taken too.')
param rotatingAdminToken bool

@description('Trusted OIDC issuers.')
param oidcIssuers string

@description('Audience of workflow tokens.')
param oidcAudience string

@description('GitHub\'s REST API.')
param githubApiUrl string

@description('Writes to GitHub per installation and minute.')
param dispatchPerMinute int

@description('Messages that a repository may send in an hour.')
param messagesPerHour int

@description('Megabytes of payloads that are kept for one account.')
param keptMbPerAccount int

@description('How many at once.')
param dispatchBurst int

@description('Waits between tries.')
param retrySchedule string

@description('Waits between the tries of a notification.')
param notificationRetrySchedule string

@description('The same event is notified of once within this time.')
param notificationDedupe string

@description('off: no hook is called, whatever is set up.')
@allowed(['on', 'off'])
param hooks string

@description('Wait for a run\'s completion.')
param completionWait string

@description('Wait for a late message.')
param eventOnlyGrace string

@description('How often GitHub is asked for webhooks that never arrived.')
param reconcileEvery string

@description('Time to confirm a durable delivery.')
param confirmWithin string

@description('Where people and Microsoft reach Zekt, when that is not the app\'s own host name.')
param publicUrl string

@description('Client id of the GitHub App, for people who sign in to decide. Empty: not offered. Its secret is github-client-secret in Key Vault.')
param githubAppClientId string

@description('Ids of the Entra tenants whose people may decide, comma-separated.')
param entraTenants string

@description('Client id of the Entra application that people sign in to. Empty: not offered. Its secret is entra-client-secret in Key Vault.')
param entraClientId string

@description('Audiences of Entra tokens behind clicks on cards, comma-separated: App ID URIs or client ids. Empty: not taken.')
param cardAudiences string

@description('Application id of the bot whose clicks are taken. Empty: none.')
param cardBotAppId string

@description('CIDRs and host names that webhooks may have although they are private, comma-separated.')
param egressAllow string

@description('Whether it is the first region\'s.')
param isFirst bool

@description('Whether instances are spread over the region\'s zones.')
param zoneRedundant bool

@description('Recreate or RollingUpdate.')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string

@description('Log level.')
param logLevel string

@description('Where telemetry goes.')
param telemetry string

@description('Percent of traces that are kept.')
param tracePercent int

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // azd finds the one app that it deploys to by this tag.
  tags: isFirst ? union(tags, { 'azd-service-name': 'zekt' }) : tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      runtime: { name: 'node', version: nodeVersion }
      // Documented ("Site update strategies in Flex Consumption"), but not in the published types yet.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: siteUpdateStrategy }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        alwaysReady: map(filter(items(alwaysReady), it => it.value > 0), it => {
          name: it.key
          instanceCount: it.value
        })
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    Cosmos__accountEndpoint: cosmosEndpoint
    Cosmos__credential: 'managedidentity'
    Cosmos__clientId: identityClientId
    ServiceBus__fullyQualifiedNamespace: serviceBusHostName
    ServiceBus__credential: 'managedidentity'
    ServiceBus__clientId: identityClientId
    // Says where to send: with local authentication disabled its key opens nothing.
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    AZURE_CLIENT_ID: identityClientId
    // GitHub sends 25 MB at most; the host would take 100 MB, and hold it several times over.
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '26214400'
    ZEKT_GITHUB_APP_ID: githubAppId
    ZEKT_GITHUB_APP_PRIVATE_KEY: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/github-app-private-key)'
    ZEKT_GITHUB_WEBHOOK_SECRET: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/github-webhook-secret)'
    ZEKT_GITHUB_WEBHOOK_SECRET_PREVIOUS: rotatingWebhookSecret
      ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/github-webhook-secret-previous)'
      : ''
    ZEKT_ADMIN_TOKEN: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/admin-token)'
    ZEKT_ADMIN_TOKEN_PREVIOUS: rotatingAdminToken
      ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/admin-token-previous)'
      : ''
    ZEKT_APPROVAL_KEYS: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/approval-keys)'
    ZEKT_KEY_VAULT_URL: vaultUri
    ZEKT_PUBLIC_URL: publicUrl
    ZEKT_GITHUB_APP_CLIENT_ID: githubAppClientId
    ZEKT_GITHUB_APP_CLIENT_SECRET: empty(githubAppClientId)
      ? ''
      : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/github-client-secret)'
    ZEKT_ENTRA_TENANTS: entraTenants
    ZEKT_ENTRA_CLIENT_ID: entraClientId
    ZEKT_ENTRA_CLIENT_SECRET: empty(entraClientId)
      ? ''
      : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/entra-client-secret)'
    ZEKT_CARD_AUDIENCES: cardAudiences
    ZEKT_CARD_BOT_APP_ID: cardBotAppId
    ZEKT_EGRESS_ALLOW: egressAllow
    ZEKT_GITHUB_API_URL: githubApiUrl
    ZEKT_OIDC_ISSUERS: oidcIssuers
    ZEKT_OIDC_AUDIENCE: oidcAudience
    ZEKT_DISPATCH_PER_MINUTE: string(dispatchPerMinute)
    ZEKT_MESSAGES_PER_HOUR: string(messagesPerHour)
    ZEKT_KEPT_MB_PER_ACCOUNT: string(keptMbPerAccount)
    ZEKT_DISPATCH_BURST: string(dispatchBurst)
    ZEKT_RETRY_SCHEDULE: retrySchedule
    ZEKT_NOTIFICATION_RETRY_SCHEDULE: notificationRetrySchedule
    ZEKT_NOTIFICATION_DEDUPE: notificationDedupe
    ZEKT_HOOKS: hooks
    ZEKT_COMPLETION_WAIT: completionWait
    ZEKT_EVENT_ONLY_GRACE: eventOnlyGrace
    ZEKT_CONFIRM_WITHIN: confirmWithin
    ZEKT_RECONCILE_EVERY: reconcileEvery
    ZEKT_LOG_LEVEL: logLevel
    ZEKT_TELEMETRY: telemetry
    // For the host and for the app, by OpenTelemetry's own names: a trace is kept by both or by none.
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio'
    OTEL_TRACES_SAMPLER_ARG: tracePercent == 100 ? '1' : '0.${padLeft(tracePercent, 2, '0')}'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// Publishing by user name and password is off: only identities deploy. Flex Consumption has no FTP to switch off.
resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
