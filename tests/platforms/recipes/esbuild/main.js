import "neural-playground/playground";
import { check } from "./check.js";

const element = document.querySelector("neural-playground");
element.addEventListener("np-ready", () => void check(element));
