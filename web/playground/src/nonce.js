// The editor writes its colours into <style> elements it makes at run time. Giving each of them this page's
// nonce keeps 'unsafe-inline' out of the policy for style elements. Imported before everything else.
const nonce = document.querySelector("meta[property=csp-nonce]")?.nonce ?? "";
const createElement = document.createElement.bind(document);

document.createElement = (name, options) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};
