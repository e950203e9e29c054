import { render } from "solid-js/web";
import "neural-playground/solid";
import { check } from "./check.js";

function Figure() {
  return (
    <neural-playground dataset="gauss" layers="4,2" lang="en" on:np-ready={(event) => void check(event.currentTarget)}
      on:np-error={({ detail }) => console.error(detail.message)} />
  );
}

render(() => <Figure />, document.getElementById("root")!);
