import { render } from "preact";
import type { PlaygroundElement } from "neural-playground/preact";
import "neural-playground/preact";
import { check } from "./check.js";

function Figure() {
  return (
    <neural-playground dataset="gauss" layers="4,2" lang="en" learning-rate={0.03}
      onnp-ready={(event) => void check(event.currentTarget as PlaygroundElement)}
      onnp-error={({ detail }) => console.error(detail.message)} />
  );
}

render(<Figure />, document.getElementById("root")!);
