// Over each column: the layer's name, activation and shape, and the buttons that change it.
import { html, nothing, type TemplateResult } from "lit";
import type { Catalog, Config, ModelSummary } from "../../engine/types.js";
import type { Translate } from "../../ui/drawn-view.js";
import type { ControlId, ControlState, ViewEvents } from "../../ui/events.js";
import type { Column, Layout } from "./network-layout.js";
import { layerName } from "../../ui/unit-name.js";

export interface HeaderHost {
  catalog: Catalog | null;
  config: Config | null;
  summary: ModelSummary | null;
  control: (id: ControlId) => ControlState;
  t: Translate;
}
type Send = <K extends keyof ViewEvents>(name: K, detail: ViewEvents[K]) => void;

export function columnHeader(host: HeaderHost, column: Column, layout: Layout, send: Send): TemplateResult {
  const { t } = host;
  const summary = host.summary!;
  const layer = summary.layers[column.layer]!;
  const name = layerName(summary, column.layer, t);
  const hidden = layer.kind === "hidden" ? column.layer - 1 : null;
  const next = layout.columns[column.layer + 1];
  const neurons = host.control("neurons");
  const layers = host.control("layers");
  const label = (key: string, state: ControlState): string => (state === "locked" ? t("ui.locked_name", { name: t(key, { layer: name }) }) : t(key, { layer: name }));
  return html`
    <div class="head" .style=${`transform:translate(calc(${column.centre}px - 50%),var(--down,0));--room:${column.headerWidth}px`}>
      <div class="name"><b>${name}</b>${layer.activation ? html`<span class="dot"
        aria-hidden="true">·</span>${activationMenu(host, column.layer, hidden, name, send)}` : nothing}</div>
      <div class="shape"><span>${layer.shape}</span>${
        hidden === null || neurons === "hidden"
          ? nothing
          : html`
        <button class="small" ?disabled=${layer.units <= 1 || neurons === "locked"} aria-label=${label("view.network.fewer", neurons)}
          title=${label("view.network.fewer", neurons)}
          @click=${() => send("change-units", { hidden, units: layer.units - 1 })}>−</button>
        <button class="small" ?disabled=${layer.units >= (host.catalog?.limits.units ?? 1024) || neurons === "locked"}
          aria-label=${label("view.network.more", neurons)} title=${label("view.network.more", neurons)}
          @click=${() => send("change-units", { hidden, units: layer.units + 1 })}>+</button>`
      }${
        hidden === null || layers === "hidden"
          ? nothing
          : html`
        <button class="small remove" ?disabled=${layers === "locked"} aria-label=${label("view.network.remove", layers)}
          title=${label("view.network.remove", layers)}
          @click=${() => send("remove-layer", { hidden })}><i>×</i></button>`
      }</div>
    </div>
    ${next ? addButton(host, (column.headerLeft + column.headerWidth + next.headerLeft) / 2, column.layer, send) : nothing}`;
}

function activationMenu(host: HeaderHost, layer: number, hidden: number | null, name: string, send: Send): TemplateResult {
  const { t } = host;
  const chosen = host.summary!.layers[layer]!.activation!.id;
  const entries = (host.catalog?.activations ?? []).filter((entry) => (hidden === null ? entry.output : entry.hidden));
  const state = host.control("activation");
  if (state === "hidden") return html`<span class="menu">${t(`activation.${chosen}`)}</span>`;
  const locked = state === "locked";
  const label = t("view.network.activation", { layer: name });
  return html`<span class="menu ${state}"><span aria-hidden="true">${t(`activation.${chosen}`)} ${locked ? nothing : html`<i>▾</i>`}</span>
    <select part="select" ?disabled=${locked} aria-label=${locked ? t("ui.locked_name", { name: label }) : label}
      @change=${(event: Event) => send("choose-activation", { hidden, activation: (event.target as HTMLSelectElement).value })}>
      ${entries.map((entry) => html`<option value=${entry.id} ?selected=${entry.id === chosen}
        .selected=${entry.id === chosen}>${t(`activation.${entry.id}`)}</option>`)}
    </select></span>`;
}

/** Between two columns: a new hidden layer comes here. */
function addButton(host: HeaderHost, x: number, at: number, send: Send): TemplateResult | typeof nothing {
  const hidden = host.summary!.layers.length - 2;
  const state = host.control("layers");
  if (hidden >= (host.catalog?.limits.hidden_layers ?? 8) || state === "hidden") return nothing;
  const name = host.t("view.network.add", { index: at + 1 });
  const label = state === "locked" ? host.t("ui.locked_name", { name }) : name;
  return html`<button class="add" ?disabled=${state === "locked"} .style=${`transform:translate(calc(${x}px - 50%),var(--down,0))`} aria-label=${label} title=${label}
    @click=${() => send("add-layer", { at })}><i>+</i></button>`;
}
