import type { ClassAttributes, HTMLAttributes } from "react";
import type { PlaygroundAttributes, PlaygroundElement, PlaygroundEvents } from "./playground.js";

export * from "./playground.js";

type Listeners = { [Type in keyof PlaygroundEvents as `on${Type}`]?: ((event: PlaygroundEvents[Type]) => void) | undefined };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "neural-playground": Omit<HTMLAttributes<PlaygroundElement>, keyof PlaygroundAttributes> & ClassAttributes<PlaygroundElement> & PlaygroundAttributes & Listeners;
    }
  }
}
