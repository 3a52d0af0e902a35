// What is looked at stands in the address: reloading the page, or opening it twice, shows the same.

const readQuery = () => new URLSearchParams(location.search);

/** @param {string} name */
export const getParameter = (name) => readQuery().get(name) || "";

/**
 * @param {string} name
 * @param {string | number} value
 */
export function setParameter(name, value) {
  const query = readQuery();
  query.set(name, String(value));
  history.replaceState(null, "", `?${query}`);
}
