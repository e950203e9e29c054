// What Turbo, htmx and their like do: the page's part is replaced by parsed HTML, kept as a clone when one leaves, and put back from it; moved by the DOM.

export const name = "HTML that is swapped";

const html = ({ props }) => {
  const attributes = Object.entries(props).filter(([, value]) => value !== null && value !== undefined && value !== false).map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}="${
    value === true ? "" : typeof value === "object" && !Array.isArray(value) ? JSON.stringify(value).replaceAll('"', "&quot;") : String(value)}"`);
  return `<main><p>Some text.</p><neural-playground ${attributes.join(" ")}></neural-playground></main>`;
};
const parse = (text) => document.importNode(new DOMParser().parseFromString(text, "text/html").body.firstElementChild, true);

export function mount(place, first) {
  let state = first;
  let kept = null;
  place.replaceChildren(parse(html(first)));
  const set = (next) => {
    const before = state;
    state = next;
    if (!next.here) {
      kept = place.firstElementChild.cloneNode(true);
      place.replaceChildren(parse("<p>Elsewhere</p>"));
    } else if (!before.here) place.replaceChildren(kept);
    else if (next.key !== before.key) place.firstElementChild.replaceWith(parse(html(next)));
    else if (next.turned !== before.turned) place.firstElementChild.prepend(place.querySelector("neural-playground"));
    else {
      // As idiomorph does it: attributes alone, also those that the element has set itself.
      const [figure, like] = [place.querySelector("neural-playground"), parse(html(next)).querySelector("neural-playground")];
      for (const { name } of [...figure.attributes]) if (!like.hasAttribute(name)) figure.removeAttribute(name);
      for (const { name, value } of like.attributes) figure.setAttribute(name, value);
    }
  };
  return { set, unmount: () => place.replaceChildren() };
}
