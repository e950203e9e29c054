/** Where refusals can be shown: the controls on the page, by the paths of their fields. */

interface Place { readonly path: string }

export class Places {
  /** One path may have several: every layer has its units. */
  readonly #all = new Set<Place>();

  add(place: Place): void {
    this.#all.add(place);
  }

  delete(place: Place): void {
    this.#all.delete(place);
  }

  has(path: string): boolean {
    return [...this.#all].some((place) => place.path === path);
  }

  /**
   * The path at which the refusal of a field is shown: its own control, else the one that was moved, else the nearest that the field
   * is part of. Where there is none, the field itself.
   */
  of(field: string, moved: string): string {
    // `network.hidden[0].units` is at any layer's units, unless it was moved somewhere else.
    const form = field.replace(/\[\d+\]/g, "[]");
    const parents = form.split(".").map((_, at, parts) => parts.slice(0, parts.length - at).join("."));
    const wanted = [field, ...(moved.includes("[]") || !this.has(moved) ? [form] : []), moved, ...parents, form.replace(/\[\].*$/, "")];
    return wanted.find((path) => path !== "" && this.has(path)) ?? (moved || field);
  }
}
