import type { JSX } from "solid-js";
import type { PlaygroundAttributes, PlaygroundElement, PlaygroundEvents, PlaygroundProperties } from "./playground.js";

export * from "./playground.js";

type Listeners = { [Type in keyof PlaygroundEvents as `on:${Type}`]?: ((event: PlaygroundEvents[Type]) => void) | undefined };
type Properties = { [Name in keyof PlaygroundProperties as `prop:${Name}`]?: PlaygroundProperties[Name] };
type Attributes = { [Name in keyof PlaygroundAttributes as `attr:${Name}`]?: PlaygroundAttributes[Name] };

declare module "solid-js" {
  namespace JSX {
    interface IntrinsicElements {
      "neural-playground": Omit<JSX.HTMLAttributes<PlaygroundElement>, keyof PlaygroundAttributes> & PlaygroundAttributes & Attributes & Properties & Listeners;
    }
  }
}
