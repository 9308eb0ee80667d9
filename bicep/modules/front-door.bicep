// One address for both regions. The app's settings name it, so it comes before the apps; where it leads comes after them.

@description('Name of the profile.')
param name string

@description('Name of the endpoint: its address begins with it.')
param endpointName string

@description('Tags.')
param tags { *: string }

resource profile 'Microsoft.Cdn/profiles@2024-09-01' = {
  name: name
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: {
    // As long as the app itself may take.
    originResponseTimeoutSeconds: 230
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-09-01' = {
  parent: profile
  name: endpointName
  location: 'global'
  tags: tags
  properties: { enabledState: 'Enabled' }
}

output profileName string = profile.name
output endpointName string = endpoint.name
output hostName string = endpoint.properties.hostName
