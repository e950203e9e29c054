/** Where a pointer is, in an element's own CSS pixels: the page around may show it scaled or zoomed, which the window's pixels know nothing of. */

export interface Scale {
  across: number;
  down: number;
}

/** How many of the window's pixels one of the element's own takes. */
export function scaleOf(element: HTMLElement): Scale {
  const { width, height } = element.getBoundingClientRect();
  // What is laid out is told in whole pixels: less than one is no scale.
  const of = (shown: number, own: number): number => (own > 0 && shown > 0 && Math.abs(shown - own) >= 1 ? shown / own : 1);
  return { across: of(width, element.offsetWidth), down: of(height, element.offsetHeight) };
}

/**
 * Browsers that do not know `zoom` as CSS now defines it (WebKit) tell an element's box in its own pixels, and a pointer in the window's: the zoom that
 * the box does not show.
 */
function untold(element: HTMLElement, { width }: DOMRect): number {
  if (Math.abs(width - element.offsetWidth) >= 1) return 1;
  let zoom = 1;
  for (let each: Node | null = element; each; each = each.parentNode ?? (each as Partial<ShadowRoot>).host ?? null) {
    if (each instanceof Element) zoom *= Number(getComputedStyle(each).zoom) || 1;
  }
  return zoom;
}

type Client = Pick<MouseEvent, "clientX" | "clientY">;

/** The point of the window that an event names, from the element's upper left corner. */
export function pointOn(element: HTMLElement, { clientX, clientY }: Client): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  const { across, down } = scaleOf(element);
  const zoom = untold(element, box);
  return { x: (clientX / zoom - box.left) / across, y: (clientY / zoom - box.top) / down };
}

/** The share of the element's width and height at which the point lies, 0..1 inside. */
export function shareOn(element: HTMLElement, { clientX, clientY }: Client): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  const zoom = untold(element, box);
  return { x: (clientX / zoom - box.left) / box.width, y: (clientY / zoom - box.top) / box.height };
}
