"use client";

import { useEffect, useRef } from "react";
import type { PlaygroundElement } from "neural-playground/react";
import "neural-playground/react";
import { check } from "../check.js";

export function Figure() {
  const figure = useRef<PlaygroundElement>(null);
  // On a page that comes from a server React takes over what is there and hears no `onnp-ready`: the listener is set by hand.
  useEffect(() => {
    const element = figure.current!;
    const ready = () => void check(element);
    if (element.info) ready();
    else element.addEventListener("np-ready", ready, { once: true });
    return () => element.removeEventListener("np-ready", ready);
  }, []);
  return <neural-playground ref={figure} dataset="gauss" lang="en" />;
}
