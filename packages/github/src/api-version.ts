/** The version of GitHub's REST API that Zekt speaks ("API versions", GitHub's documentation). */
export const apiVersion = '2022-11-28';
