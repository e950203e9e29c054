// Styles that several views share.
import { css } from "lit";

/** A section's heading: small capitals to the left, a caption to the right. */
export const heading = css`
  header { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; margin: 0 0 10px; }
  h2, h3 {
    margin: 0; color: var(--faint); font: 600 var(--text-xs)/1.4 var(--sans); letter-spacing: 0.1em;
    text-transform: uppercase; white-space: nowrap;
  }
  header p { margin: 0; color: var(--faint); font-size: var(--text-xs); text-align: right; font-variant-numeric: tabular-nums; }
`;
