// One page for operators: the panels of infra/workbook.json, with the queries of infra/queries.
import { queries } from 'queries.bicep'

@description('Name of this deployment.')
param environmentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Log Analytics workspace that it reads.')
param workspaceId string

var layout = loadJsonContent('../../infra/workbook.json')
var panels = map(layout.panels, panel => {
  type: 3
  content: {
    version: 'KqlItem/1.0'
    title: panel.title
    query: queries[panel.query]
    queryType: 0
    // Of the workspace: without it the tables of Application Insights have other names.
    resourceType: 'microsoft.operationalinsights/workspaces'
    visualization: panel.visualization
    timeContext: { durationMs: 86400000 }
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'zekt-workbook', environmentName)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Zekt ${environmentName}'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([{ type: 1, content: { json: layout.text } }], panels)
      isLocked: false
      fallbackResourceIds: [workspaceId]
    })
  }
}
