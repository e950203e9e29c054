// What a page does with a figure, whoever writes the page. Each scenario returns what it saw, as JSON; the page is watched from before the element's script.

const figure = (place) => place.querySelector("neural-playground");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const outcome = (promise) => Promise.resolve(promise).then(() => "fulfilled", (error) => error.code ?? String(error));
/** What is still pending after so long is pending for ever. */
const settled = (promise, ms = 30_000) => Promise.race([outcome(promise), pause(ms).then(() => "pending")]);

export async function until(holds, what) {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}

/** Errors nobody caught, and workers that nobody ended; called before anything else runs. */
export function watch() {
  const seen = { errors: [], made: 0, alive: 0, ready: 0 };
  addEventListener("error", (event) => seen.errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => seen.errors.push(`unhandled: ${event.reason?.code ?? event.reason}`));
  addEventListener("np-ready", () => { seen.ready += 1; });
  window.Worker = class extends Worker {
    #ended = false;
    constructor(...args) {
      super(...args);
      seen.made += 1;
      seen.alive += 1;
    }
    terminate() {
      if (!this.#ended) seen.alive -= 1;
      this.#ended = true;
      super.terminate();
    }
  };
  return seen;
}

const PROPS = { dataset: "spiral", layers: [5, 3], activation: "relu", learningRate: 0.02, autoplay: false, hide: ["tabs", "header"], goal: { metric: "loss", value: 0 } };
const said = (config) => ({
  dataset: config.data.dataset, layers: config.network.hidden.map(({ units }) => units), activation: config.network.hidden[0]?.activation.id,
  rate: config.training.optimizer.learning_rate, goal: config.training.stop.target,
});

/** One framework: mounted, changed, moved, given another key, left and come back to, unmounted. */
export async function framework({ mount }, seen) {
  const place = document.createElement("div");
  document.body.append(place);
  let state = { here: true, key: 1, turned: false, props: PROPS };
  const page = mount(place, state);
  const set = async (change) => {
    state = { ...state, ...change };
    await page.set(state);
  };
  const facts = {};

  const first = figure(place);
  facts.mounted = said(await first.patch({}));
  facts.reflected = [first.getAttribute("dataset"), first.getAttribute("layers"), first.getAttribute("hide"), first.dataset.scheme];
  facts.playing = first.store.playing.value;

  await set({ props: { ...PROPS, dataset: "xor", layers: [4], hide: null, learningRate: 0.05 } });
  facts.changed = said(await figure(place).patch({}));
  facts.same = figure(place) === first;
  facts.scheme = first.getAttribute("data-scheme");

  await first.train({ steps: 7 });
  await set({ turned: true });
  facts.moved = [figure(place) === first, place.querySelector("main").firstElementChild === first, (await first.metrics()).step];

  const training = settled(first.train({ steps: 1e9 }));
  await until(() => first.store.playing.value, "training");
  await set({ key: 2 });
  const second = figure(place);
  facts.replaced = [second !== first, await training, (await second.metrics()).step];

  const left = settled(second.train({ steps: 1e9 }));
  await until(() => second.store.playing.value, "training");
  await set({ here: false });
  facts.left = [await left, figure(place) === null];
  await set({ here: true });
  facts.back = said(await figure(place).patch({}));
  await figure(place).play();
  await until(() => figure(place).store.playing.value, "it to play again");

  page.unmount();
  place.remove();
  await until(() => seen.alive === 0, "workers to end");
  facts.errors = seen.errors.splice(0);
  return facts;
}

/** A number from 0 to 1, the same for the same seed. */
function random(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Appended, removed, moved, replaced, played, configured, in whatever order: what it leaves behind. */
export async function orders(from, count, seen) {
  const pending = [];
  const outcomes = new Set();
  for (let seed = from; seed < from + count; seed += 1) {
    const next = random(seed);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const places = [0, 1].map(() => document.body.appendChild(document.createElement("div")));
    const figures = [0, 1].map(() => document.createElement("neural-playground"));
    const promises = [];
    // What is refused for a reason is heard at once; what ends with the figure may be left alone.
    const heard = (promise) => promises.push(settled(promise));
    const acts = {
      append: (each) => pick(places).append(each),
      remove: (each) => each.remove(),
      move: (each) => each.isConnected && pick(places).prepend(each),
      replace: (each) => figures.find((other) => other !== each && other.isConnected)?.replaceWith(each),
      play: (each) => promises.push(each.play()),
      pause: (each) => promises.push(each.pause()),
      configure: (each) => heard(each.configure({ network: { hidden: [{ units: 1 + Math.floor(next() * 8) }] } })),
      refused: (each) => heard(each.patch({ training: { batch_size: -1 } })),
      train: (each) => promises.push(each.train({ steps: pick([1, 50, 1e9]) })),
      look: (each) => promises.push(each.activationMaps(10), each.weights()),
      attribute: (each) => { each.layers = pick([[3], "4,2", 5, null, "many"]); },
      data: (each) => { each.dataset = pick(["xor", "circle", "moons", "nonsense", null]); },
    };
    for (let turn = 0; turn < 12; turn += 1) {
      acts[pick(Object.keys(acts))](pick(figures));
      if (next() < 0.6) await pause(next() ** 3 * 120);
    }
    for (const each of [...figures, ...places]) each.remove();
    for (const promise of promises) {
      const found = await settled(promise.then((outcome) => (typeof outcome === "string" && outcome !== "fulfilled" ? Promise.reject({ code: outcome }) : outcome)));
      outcomes.add(found);
      if (found === "pending") pending.push(seed);
    }
  }
  await until(() => seen.alive === 0, "workers to end");
  return { pending, outcomes: [...outcomes].sort(), errors: seen.errors.splice(0), alive: seen.alive };
}
