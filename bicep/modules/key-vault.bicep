// The only place with secrets: the GitHub App's key, client secret and webhook secret, the token of the management API, the keys of
// approvals, and what operators put there for Zekt (zekt-…: addresses of webhooks).

@description('Name of the vault.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Principal id of the app: reads secrets.')
param appPrincipalId string

@description('Whether the app may also set and delete secrets: zekt secrets, and zekt apply with Secrets in it, need that.')
param appKeepsSecrets bool

@description('Object id of who sets secrets; empty for nobody.')
param operatorPrincipalId string

@description('Kind of the operator.')
param operatorPrincipalType string

@description('Log Analytics workspace.')
param workspaceId string

@description('Private key of the GitHub App; empty leaves the secret alone.')
@secure()
param githubAppPrivateKey string

@description('Webhook secret; empty leaves the secret alone.')
@secure()
param githubWebhookSecret string

@description('Previous webhook secret; empty leaves the secret alone.')
@secure()
param githubWebhookSecretPrevious string

@description('Token of the management API; empty leaves the secret alone.')
@secure()
param adminToken string

@description('The management token before; empty leaves the secret alone.')
@secure()
param adminTokenPrevious string

@description('Keys of approvals; empty leaves the secret alone.')
@secure()
param approvalKeys string

@description('Client secret of the GitHub App; empty leaves the secret alone.')
@secure()
param githubClientSecret string

@description('Client secret of the Entra application; empty leaves the secret alone.')
@secure()
param entraClientSecret string

@description('Whether it is reached through a private endpoint only.')
param privateNetworking bool

@description('Subnet for endpoints.')
param endpointSubnetId string

@description('Private DNS zone for vaults.')
param privateDnsZoneId string

var keyVaultSecretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
var keyVaultSecretsOfficer = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
)

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
  }
}

resource privateKeySecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(githubAppPrivateKey)) {
  parent: vault
  name: 'github-app-private-key'
  properties: { value: githubAppPrivateKey }
}

resource webhookSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(githubWebhookSecret)) {
  parent: vault
  name: 'github-webhook-secret'
  properties: { value: githubWebhookSecret }
}

resource previousSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(githubWebhookSecretPrevious)) {
  parent: vault
  name: 'github-webhook-secret-previous'
  properties: { value: githubWebhookSecretPrevious }
}

resource adminSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(adminToken)) {
  parent: vault
  name: 'admin-token'
  properties: { value: adminToken }
}

resource previousAdminSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(adminTokenPrevious)) {
  parent: vault
  name: 'admin-token-previous'
  properties: { value: adminTokenPrevious }
}

resource approvalKeysSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(approvalKeys)) {
  parent: vault
  name: 'approval-keys'
  properties: { value: approvalKeys }
}

resource githubClientSecretSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(githubClientSecret)) {
  parent: vault
  name: 'github-client-secret'
  properties: { value: githubClientSecret }
}

resource entraClientSecretSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(entraClientSecret)) {
  parent: vault
  name: 'entra-client-secret'
  properties: { value: entraClientSecret }
}

resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: keyVaultSecretsUser
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource keep 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (appKeepsSecrets) {
  name: guid(vault.id, appPrincipalId, keyVaultSecretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: keyVaultSecretsOfficer
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource write 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(vault.id, operatorPrincipalId, keyVaultSecretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: keyVaultSecretsOfficer
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = if (privateNetworking) {
  params: {
    name: 'pe-${name}'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    resourceId: vault.id
    groupId: 'vault'
    privateDnsZoneId: privateDnsZoneId
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
