// Small and cheap: billed by use (four timers run all the time), the first request after a pause is slow.
using '../main.bicep'

param environmentName = 'dev'
param cosmosCapacity = 'serverless'
param serviceBusSku = 'Standard'
param alwaysReadyInstances = 0
param alwaysReadyCorrelate = 0
param alwaysReadyDispatch = 0
param maximumInstanceCount = 40
param logLevel = 'debug'
