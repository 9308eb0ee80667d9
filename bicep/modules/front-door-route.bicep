// Where the one address leads: to the first region that answers that store and bus are there.

@description('Name of the profile.')
param profileName string

@description('Name of the endpoint.')
param endpointName string

@description('Host names of the apps, the preferred one first.')
param hostNames string[]

resource profile 'Microsoft.Cdn/profiles@2024-09-01' existing = {
  name: profileName
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-09-01' existing = {
  parent: profile
  name: endpointName
}

resource apps 'Microsoft.Cdn/profiles/originGroups@2024-09-01' = {
  parent: profile
  name: 'apps'
  properties: {
    loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 0 }
    healthProbeSettings: {
      probePath: '/api/ready'
      probeProtocol: 'Https'
      probeRequestType: 'GET'
      probeIntervalInSeconds: 60
    }
    sessionAffinityState: 'Disabled'
  }
}

resource origins 'Microsoft.Cdn/profiles/originGroups/origins@2024-09-01' = [
  for (hostName, index) in hostNames: {
    parent: apps
    name: 'region-${index + 1}'
    properties: {
      hostName: hostName
      originHostHeader: hostName
      httpsPort: 443
      priority: min(index + 1, 5)
      weight: 1000
      enforceCertificateNameCheck: true
    }
  }
]

resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-09-01' = {
  parent: endpoint
  name: 'all'
  // A route wants its group to have origins.
  dependsOn: [origins]
  properties: {
    originGroup: { id: apps.id }
    supportedProtocols: ['Https']
    patternsToMatch: ['/*']
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Disabled'
    linkToDefaultDomain: 'Enabled'
  }
}
