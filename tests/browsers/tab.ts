// One page in a browser, as much of it as these tests need: whatever the protocol behind it.

export interface Tab {
  goto(url: string): Promise<void>;
  /** Runs the body of an async function in the page; its value must be JSON. */
  run<T>(body: string, ...args: unknown[]): Promise<T>;
  /** Presses the primary button at a point of the window, CSS pixels. */
  press(x: number, y: number): Promise<void>;
  /** Types keys; "Enter", "Tab" and arrows by name. */
  keys(...keys: string[]): Promise<void>;
  close(): Promise<void>;
}
