// Asks from outside whether Zekt is ready, which the app itself cannot tell when it is not there.

@description('Name of this deployment.')
param environmentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Action group that is told; empty for nobody.')
param actionGroupId string

@description('Application Insights component.')
param insightsId string

@description('What must answer 200.')
param url string

// Names that availability tests have for places: Amsterdam, Dublin, Virginia, Singapore.
var locations = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr', 'apac-sg-sin-azr']

resource ready 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'zekt-${environmentName}-ready'
  location: location
  // It belongs to the component that this tag names.
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'zekt-${environmentName}-ready'
    Name: 'zekt-${environmentName}-ready'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 60
    RetryEnabled: true
    Locations: [for id in locations: { Id: id }]
    Request: { RequestUrl: url, HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource unavailable 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'zekt-${environmentName}-unavailable'
  location: 'global'
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource', 'hidden-link:${ready.id}': 'Resource' })
  properties: {
    description: 'Zekt is not ready, as seen from two places or more: /api/ready says why. npx zekt doctor looks further.'
    severity: 0
    enabled: true
    scopes: [ready.id, insightsId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: ready.id
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
  }
}
