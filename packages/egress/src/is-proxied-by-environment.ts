/** Whether Node was told that its `fetch` takes proxies from the environment ("Enterprise network configuration", nodejs.org). */
export function isProxiedByEnvironment(): boolean {
  const { NODE_USE_ENV_PROXY: setting, NODE_OPTIONS: options = '' } = process.env;
  return setting === '1' || [...process.execArgv, ...options.split(/\s+/)].includes('--use-env-proxy');
}
