/** Colours of the severities and verdicts have a contrast of at least 4.5 to 1 on their grounds, in light and dark. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --line: #d9dee5; --text: #1a2027; --soft: #556170; --code: #eef1f5;
  --link: #0b57b5; --focus: #0b57b5;
  --critical: #a3001b; --high: #b3410a; --medium: #7d5700; --low: #0a6373; --info: #4c5a99;
  --good: #1c6b34; --open: #5b4a9c; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161b; --card: #1a2027; --line: #323b46; --text: #e6eaef; --soft: #a3afbd; --code: #242c36;
    --link: #8bbcff; --focus: #8bbcff;
    --critical: #ff8f9d; --high: #ffab7a; --medium: #ecc35c; --low: #72d3e4; --info: #aab6f5;
    --good: #7fd699; --open: #c3b2ff; --on: #12161b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
.wrap { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
header.wrap { padding-top: 2.25rem; padding-bottom: .25rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.02rem; line-height: 1.4; margin: 0; font-weight: 650; }
h4 { font-size: .78rem; margin: 1.35rem 0 .4rem; color: var(--soft); text-transform: uppercase; letter-spacing: .06em; }
p { margin: .4rem 0; }
.soft { color: var(--soft); }
.small { font-size: .89rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em; }
code { background: var(--code); padding: .1em .35em; border-radius: 4px; unicode-bidi: isolate; }
pre {
  background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; margin: .5rem 0;
  overflow-x: auto; overflow-wrap: normal; line-height: 1.5; unicode-bidi: isolate;
}
pre.command { user-select: all; }
pre.command::before { content: "$ "; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--tone); border-radius: 8px; padding: .7rem 1rem .8rem; }
.tiles b { display: block; font-size: 1.9rem; line-height: 1.15; color: var(--tone); font-variant-numeric: tabular-nums; }
.tone-affected { --tone: var(--critical); } .tone-unknown { --tone: var(--open); }
.tone-mitigated { --tone: var(--low); } .tone-not-affected { --tone: var(--good); }
.tiles .zero { --tone: var(--line); } .tiles .zero b { color: var(--soft); }
.note { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--open); border-radius: 8px; padding: .8rem 1rem; margin: 1.25rem 0 0; }
.note.good { border-left-color: var(--good); }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1.75rem; margin: 1.5rem 0 0; }
.filters fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; }
.filters legend { float: left; padding: 0; margin-right: .5rem; color: var(--soft); font-size: .89rem; }
.filters label { border: 1px solid var(--line); background: var(--card); border-radius: 99px; padding: .2rem .75rem .2rem .55rem; font-size: .89rem; cursor: pointer; }
.filters input { margin: 0 .35rem 0 0; vertical-align: -1px; accent-color: var(--link); }
.issue { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px; margin: .75rem 0; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); }
.low { --tone: var(--low); } .info { --tone: var(--info); }
.issue summary { padding: .8rem 1rem; cursor: pointer; list-style: none; display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; }
.issue summary::-webkit-details-marker { display: none; }
.issue summary::after { content: "+"; font-size: 1.3rem; line-height: 1.2; color: var(--soft); grid-column: 2; grid-row: 1 / span 3; align-self: center; width: 1rem; text-align: center; }
.issue details[open] > summary::after { content: "\\2013"; }
.issue summary > * { grid-column: 1; }
.issue .body { padding: 0 1rem 1.1rem; border-top: 1px solid var(--line); }
.badges { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin-bottom: .15rem; }
.badge { background: var(--tone); color: var(--on); border-radius: 4px; padding: .05rem .5rem; font-size: .78rem; font-weight: 650; }
.badge.plain { background: none; color: var(--soft); border: 1px solid var(--line); font-weight: 500; }
.id { color: var(--soft); font-size: .83rem; }
.id code { background: none; padding: 0; }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .35rem 1rem; margin: .9rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: .89rem; }
th { text-align: left; font-weight: 600; color: var(--soft); background: var(--code); }
th:first-child { width: 62%; }
table:has(th:nth-child(4)) th:first-child { width: 30%; } table:has(th:nth-child(4)) th:last-child { width: 32%; }
th, td { padding: .45rem .75rem; vertical-align: top; border-top: 1px solid var(--line); min-width: 6rem; }
thead th { border-top: 0; }
td.number { text-align: right; font-variant-numeric: tabular-nums; min-width: 4rem; }
ol, ul { padding-left: 1.4rem; margin: .4rem 0; } li { margin: .3rem 0; } ol > li { margin: .8rem 0; }
ul.notes { list-style: none; padding: 0; color: var(--soft); font-size: .89rem; }
footer.wrap { margin-top: 2.5rem; padding-bottom: 2.5rem; }
@media (max-width: 40rem) {
  .wrap { padding: 0 .9rem; }
  header.wrap { padding-top: 1.4rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  .scroll { border: 0; background: none; }
  table, tbody, tr, td { display: block; } thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr { background: var(--card); border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: .3rem 0; }
  td, td.number { border: 0; padding: .2rem .75rem; text-align: left; }
  td[data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-size: .78rem; }
  td:empty { display: none; }
}
@media print {
  .filters, .skip { display: none; }
  .issue, pre, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
