/** What JSX may say of `<neural-playground>`: its attributes as HTML spells them, and the properties that they set. Types alone. */

type Nothing = null | undefined | false;
type Names = string | Iterable<string> | Nothing;

/** What the properties take; reading them gives text. */
export interface PlaygroundProperties {
  datasetId?: string | Nothing;
  layers?: string | number | Iterable<number> | Nothing;
  activation?: string | Nothing;
  optimizer?: string | Nothing;
  learningRate?: number | string | Nothing;
  loss?: string | Nothing;
  batchSize?: number | string | Nothing;
  goal?: string | { metric: string; value: number } | Nothing;
  link?: string | Nothing;
  autoplay?: boolean | string | null | undefined;
  controls?: Names | true;
  hide?: Names;
  lock?: Names;
  theme?: "auto" | "light" | "dark" | Nothing;
}

/** By their names in HTML. */
export interface PlaygroundAttributes extends PlaygroundProperties {
  dataset?: string | Nothing;
  "dataset-id"?: string | Nothing;
  "learning-rate"?: number | string | Nothing;
  "batch-size"?: number | string | Nothing;
  lang?: string | undefined;
}
