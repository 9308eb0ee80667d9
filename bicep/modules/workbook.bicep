// One page for operators, from infra/workbook.json.

@description('Name of this deployment.')
param environmentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Log Analytics workspace that it reads.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'zekt-workbook', environmentName)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Zekt ${environmentName}'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../../infra/workbook.json')
  }
}
