// One address, two regions, nothing lost with one of them: every write waits for both.
using '../main.bicep'

param environmentName = 'two-regions'
param location = 'northeurope'
param secondaryLocation = 'westeurope'
param cosmosCapacity = 'autoscale'
param cosmosConsistency = 'Strong'
param serviceBusSku = 'Premium'
param zoneRedundant = true
param siteUpdateStrategy = 'RollingUpdate'
param alwaysReadyInstances = 2
param maximumInstanceCount = 200
param logRetentionDays = 90
