// What is looked at stands in the address, so that reloading the page, or opening it twice, shows the same.

const read = () => new URLSearchParams(location.search);

export const chosen = (name) => read().get(name) || "";

export function choose(name, value) {
  const query = read();
  query.set(name, value);
  history.replaceState(null, "", `?${query}`);
}
