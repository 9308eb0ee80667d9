// For a company's releases: always ready, private, with room to grow.
using '../main.bicep'

param environmentName = 'prod'
param cosmosCapacity = 'autoscale'
param cosmosMaxThroughput = 10000
param serviceBusSku = 'Premium'
param serviceBusCapacity = 1
param alwaysReadyInstances = 2
param alwaysReadyCorrelate = 1
param alwaysReadyDispatch = 1
param maximumInstanceCount = 200
param privateNetworking = true
param logRetentionDays = 90
