/** What a host is given by whoever knows the files: the session's module, the digits, the GPU. */

import type { GpuAccess } from "./gpu-module";
import type { Session } from "./session";

export interface HostOptions {
  /** The inflated digits file; called when the digits are first chosen. */
  readDigits(): Promise<Uint8Array>;
  /** What was read is no digits file: it is not to be read from the same place again. */
  dropDigits?(): void;
  /** The way to the GPU. */
  gpu: GpuAccess;
  /** Gives the session code for the run that it has. */
  code?(session: Session): Promise<void>;
  /** The session's module is in no known state any more. */
  trapped?(): void;
}
