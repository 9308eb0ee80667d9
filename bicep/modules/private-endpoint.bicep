// A private way to one resource, with its name in the private DNS zone.

@description('Name of the endpoint.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Subnet for endpoints.')
param subnetId string

@description('Resource that is reached.')
param resourceId string

@description('Part of the resource: blob, vault, Sql, namespace.')
param groupId string

@description('Private DNS zone of that part.')
param privateDnsZoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: { privateLinkServiceId: resourceId, groupIds: [groupId] }
      }
    ]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      { name: groupId, properties: { privateDnsZoneId: privateDnsZoneId } }
    ]
  }
}
