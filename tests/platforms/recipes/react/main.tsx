import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { PlaygroundElement } from "neural-playground/react";
import "neural-playground/react";
import { check } from "./check.js";

function Figure() {
  return (
    <neural-playground dataset="gauss" layers="4,2" lang="en" learning-rate={0.03}
      onnp-ready={(event) => void check(event.currentTarget as PlaygroundElement)}
      onnp-error={({ detail }) => console.error(detail.message)} />
  );
}

createRoot(document.getElementById("root")!).render(<StrictMode><Figure /></StrictMode>);
