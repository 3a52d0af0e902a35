// Ask the server for JSON.

/**
 * Return what the server answers; `fallback` where it refuses, or isn't there.
 * @param {string} path
 * @param {Record<string, string>} parameters
 * @param {unknown} fallback
 * @returns {Promise<any>}
 */
export async function fetchJson(path, parameters, fallback) {
  const response = await fetch(`${path}?${new URLSearchParams(parameters)}`).catch(() => null);
  return response?.ok ? response.json() : fallback;
}
