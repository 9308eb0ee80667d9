// Small and cheap: nothing is billed that is not used, the first request after a pause is slow.
using '../main.bicep'

param environmentName = 'dev'
param cosmosCapacity = 'serverless'
param serviceBusSku = 'Standard'
param alwaysReadyInstances = 0
param maximumInstanceCount = 40
param logLevel = 'debug'
