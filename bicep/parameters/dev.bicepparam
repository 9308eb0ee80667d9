// Small and cheap: billed by use, the first request after a pause is slow. Four timers run all the time, logs are kept, and alerts have a price.
using '../main.bicep'

param environmentName = 'dev'
param cosmosCapacity = 'serverless'
param serviceBusSku = 'Standard'
param alwaysReadyInstances = 0
param alwaysReadyCorrelate = 0
param alwaysReadyDispatch = 0
param maximumInstanceCount = 40
param availabilityTest = false
param logLevel = 'debug'
