// What azd gives: its environment's values. For a deployment without azd see parameters/.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'zekt')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param githubAppId = readEnvironmentVariable('ZEKT_GITHUB_APP_ID', '')
param githubAppClientId = readEnvironmentVariable('ZEKT_GITHUB_APP_CLIENT_ID', '')
param publicUrl = readEnvironmentVariable('ZEKT_PUBLIC_URL', '')
param entraTenants = readEnvironmentVariable('ZEKT_ENTRA_TENANTS', '')
param entraClientId = readEnvironmentVariable('ZEKT_ENTRA_CLIENT_ID', '')
param cardAudiences = readEnvironmentVariable('ZEKT_CARD_AUDIENCES', '')
param alertEmail = readEnvironmentVariable('ZEKT_ALERT_EMAIL', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
