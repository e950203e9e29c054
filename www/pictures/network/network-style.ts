// Styles of the network view.
import { css } from "lit";

export const networkStyle = css`
  :host { display: block; min-width: 0; color: var(--ink); font: var(--text-m)/1.35 var(--sans); }
  .stage { position: relative; }
  .switch { display: inline-flex; flex: none; align-items: center; gap: 6px; min-height: var(--hit); margin: -6px 0; color: var(--soft); font-size: var(--text-s); cursor: pointer; }
  .switch input { accent-color: var(--accent); margin: 0; width: 15px; height: 15px; }
  .switch input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  header { align-items: center; min-height: 2.7em; }
  header p { flex: 1 1 auto; }
  .scroll { overflow-x: auto; overflow-y: hidden; padding-bottom: 4px; overscroll-behavior-x: contain; scrollbar-width: thin;
    /* A shade at an edge says that there is more beyond it; the local layers cover it at the ends. */
    background: linear-gradient(to right, var(--paper) 40%, transparent) left / 32px 100% no-repeat local,
      linear-gradient(to left, var(--paper) 40%, transparent) right / 32px 100% no-repeat local,
      linear-gradient(to right, var(--line), transparent) left / 10px 100% no-repeat scroll,
      linear-gradient(to left, var(--line), transparent) right / 10px 100% no-repeat scroll; }
  /* ... and an arrow at the edge says so from afar. */
  .stage::before, .stage::after {
    position: absolute; z-index: 3; top: 50%; display: grid; place-items: center; width: 28px; height: 28px; border: 1px solid var(--line);
    border-radius: 50%; background: var(--surface); color: var(--ink); box-shadow: var(--shadow); font: 16px/1 var(--sans); pointer-events: none;
  }
  .stage.more-left::before { content: "‹" / ""; left: 0; }
  .stage.more-right::after { content: "›" / ""; right: 0; }
  .sheet { position: relative; }
  .tight .name { font-size: var(--text-s); }
  .tight .menu, .tight .menu span { max-width: var(--room); overflow: hidden; text-overflow: ellipsis; }
  /* As high as the tallest of them: where columns stand closer nothing below moves. What moves is moved without a layout. */
  .heads { position: relative; height: 86px; overflow-x: clip; }
  /* Of one width, around the column's middle: none of its parts moves inside it when there is less room. */
  .head { position: absolute; left: 0; top: 0; width: 180px; text-align: center; pointer-events: none; }
  .head :is(.menu, button) { pointer-events: auto; }
  .heads:not(.compact) { --down: 18px; }
  .name { display: flex; justify-content: center; align-items: baseline; gap: 4px; white-space: nowrap; font-size: var(--text-m); }
  .name b { font-weight: 650; }
  .shape {
    display: flex; justify-content: center; align-items: center; gap: 1px; color: var(--faint); font-size: var(--text-xs);
    white-space: nowrap; font-variant-numeric: tabular-nums;
  }
  .shape span { margin-right: 3px; }
  .compact:not(:has(.shape button)) { height: 58px; }
  .compact .name { flex-direction: column; align-items: center; gap: 0; }
  .compact .shape { flex-wrap: wrap; gap: 0; }
  .compact .dot { display: none; }
  .compact .shape span { flex: 0 0 100%; margin: 0; }
  .compact .menu { font-weight: 400; color: var(--soft); font-size: var(--text-s); }
  button {
    font: inherit; color: inherit; border: 0; background: none; padding: 0; margin: 0; cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  .small { width: 24px; height: 24px; border-radius: 6px; color: var(--soft); font-size: 15px; line-height: 1; }
  .small.remove { color: var(--faint); font-size: 14px; }
  .small:hover, .add:not(:disabled):hover i { background: var(--line); color: var(--ink); }
  .small:disabled { opacity: 0.35; cursor: default; background: none; }
  .add {
    position: absolute; left: 0; top: -2px; width: 28px; height: 28px; display: grid;
    place-items: center;
  }
  .add i, .remove i { font-style: normal; }
  .add i {
    display: grid; place-items: center; width: 18px; height: 18px; border-radius: 50%; border: 1px solid var(--line);
    color: var(--faint); font-style: normal; font-size: 14px; line-height: 1; background: var(--paper);
  }
  .menu { position: relative; font-weight: 650; }
  .menu i { font-style: normal; color: var(--soft); font-size: 10px; vertical-align: 1px; }
  .menu select {
    position: absolute; inset: -4px -6px; width: calc(100% + 12px); height: calc(100% + 8px); opacity: 0; cursor: pointer;
    font: inherit;
  }
  /* As wide as its column: no more, or the last one would make the picture wider than its place. */
  :where(.compact) .menu select { inset: -4px 0; width: 100%; }
  .menu:not(.locked):hover { color: var(--accent); }
  .menu.locked select { cursor: default; }
  .add:disabled { opacity: 0.35; cursor: default; }
  .menu:focus-within { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .picture { position: relative; }
  .picture.waiting { height: 400px; }
  canvas { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
  .unit { position: absolute; left: 0; top: 0; touch-action: manipulation; }
  .unit::after { content: ""; position: absolute; inset: -4px; border-radius: inherit; }
  .unit.hovered, .unit:hover { box-shadow: 0 0 0 1.5px var(--soft); }
  .unit.selected { box-shadow: 0 0 0 2px var(--paper), 0 0 0 4px var(--accent); }
  button:focus-visible, .unit:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
  .add:focus-visible { outline-offset: -2px; border-radius: 50%; }
  .symbol {
    position: absolute; left: 0; top: 0; width: 60px; text-align: right; font: italic 14px/1 var(--serif); color: var(--soft);
    pointer-events: none; white-space: nowrap;
  }
  .card {
    position: absolute; z-index: 2; transform: translate(-50%, calc(-100% - 12px)); display: grid; gap: 2px;
    padding: 6px 10px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface);
    box-shadow: var(--shadow); white-space: nowrap; font-size: var(--text-s); color: var(--soft); pointer-events: none;
    font-variant-numeric: tabular-nums;
  }
  .card.below { transform: translate(-50%, 18px); }
  .card b { color: var(--ink); }
  .note {
    position: absolute; left: 0; top: 0; margin: 0; text-align: center; color: var(--faint); font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }
  @media (pointer: coarse) {
    /* Adding and removing stand in one row over the names. */
    .heads { height: 186px; }
    .heads:not(.compact) { --down: 36px; }
    .heads.compact:not(.tight) { --down: 22px; }
    .picture.waiting { height: 500px; }
    .head { padding-top: 40px; }
    .shape .remove { position: absolute; left: 50%; top: -4px; transform: translateX(-50%); display: grid; place-items: center; }
    .add i, .remove i { display: grid; place-items: center; width: 22px; height: 22px; border: 1px solid var(--line); border-radius: 50%; }
    .tight .shape { flex-direction: column-reverse; }
    .tight .shape span { order: 1; }
    .name { min-height: 34px; align-items: center; }
    .compact .name { min-height: 38px; justify-content: flex-start; }
    .small { width: 44px; height: 44px; }
    .menu select { inset: auto; left: 50%; top: 50%; width: max(100%, 44px); height: 44px; transform: translate(-50%, -50%); }
    .add { z-index: 1; width: 44px; height: 44px; top: -4px; }
    .unit::after { inset: min(-4px, (100% - 44px) / 2); }
  }
`;
