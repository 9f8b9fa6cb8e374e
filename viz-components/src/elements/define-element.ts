// Registers an element; a page that loads the package twice gets a warning, not a crash.

export function defineElement(name: string, elementClass: CustomElementConstructor): void {
  const defined = customElements.get(name);
  if (!defined) customElements.define(name, elementClass);
  else if (defined !== elementClass)
    console.warn(`<${name}> is defined already: this page loads @moose/viz twice. The first one is used.`);
}
