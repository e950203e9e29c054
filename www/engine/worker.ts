// The worker: one session for every port it is sent. It only forwards.

import type { Open, Ready } from "./protocol";
import { serve } from "./serve";

self.addEventListener("message", ({ data }: MessageEvent<Open>) => void serve(data.open, data.settings));
self.postMessage({ ready: true } satisfies Ready);
