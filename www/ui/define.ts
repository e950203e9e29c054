/** Names of elements belong to the whole page, where another copy of this script, perhaps of another version, may have come first. */

/**
 * Defines an element unless its name is taken, and returns the class that has the name. The first copy on a page serves every figure of it:
 * no `<neural-playground>` is made of a later copy, and so nothing inside of one.
 */
export function define<Class extends CustomElementConstructor>(name: string, element: Class): Class {
  const first = customElements.get(name) as Class | undefined;
  if (!first) customElements.define(name, element);
  return first ?? element;
}
