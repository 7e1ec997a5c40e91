//! The style sheet of a report's page. Every pair of colors has a contrast of at least 4.5 to 1.

pub(crate) const STYLE: &str = "
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1b1b1b; font: 1rem/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .5rem; border-top: 1px solid #a9aeb1; padding-top: 1rem; }
p, li { max-width: 44rem; }
.state { border-left: .4rem solid #0b4f8a; background: #eff6fb; padding: .6rem 1rem; margin: 1rem 0; max-width: 44rem; }
.state.draft { border-color: #8a5a00; background: #fdf6e7; }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 1rem 0; background: linear-gradient(to right, #fff 1.5rem, #fff0) left / 3rem 100% no-repeat local, linear-gradient(to left, #fff 1.5rem, #fff0) right / 3rem 100% no-repeat local, linear-gradient(to right, #767b80, #fff0) left / .75rem 100% no-repeat scroll, linear-gradient(to left, #767b80, #fff0) right / .75rem 100% no-repeat scroll; }
.wide { margin-right: calc(-1 * max(0px, (100vw - 66rem) / 2)); }
.hint { color: #4f5559; font-size: .875rem; }
.scroll:focus-visible, summary:focus-visible { outline: 3px solid #0b4f8a; outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #c6cace; }
thead th { border-bottom: 2px solid #1b1b1b; }
tbody th { font-weight: 400; }
tr.total th, tr.total td { font-weight: 600; border-top: 2px solid #1b1b1b; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.number { text-align: right; }
.none, .why { color: #4f5559; }
.why { font-size: .875rem; }
.list { font-size: .875rem; }
.list td, .list th { min-width: 5rem; }
.entries { overflow-wrap: anywhere; }
figure { margin: 1rem 0; max-width: 44rem; }
figure svg { display: block; overflow: hidden; }
svg .heading { font: 600 14px system-ui, 'Segoe UI', Roboto, sans-serif; fill: #1b1b1b; }
svg .label { font: 14px system-ui, 'Segoe UI', Roboto, sans-serif; fill: #1b1b1b; }
svg .bar-0 { fill: #0b4f8a; }
svg .bar-1 { fill: #8a4b08; }
svg .bar-2 { fill: #5b616b; }
svg .frame { fill: none; stroke: #767b80; stroke-width: 1; }
svg .withheld { fill: none; stroke: #5b616b; stroke-width: 2; stroke-dasharray: 4 4; }
code { font-size: .875rem; overflow-wrap: anywhere; }
footer { margin-top: 3rem; border-top: 1px solid #a9aeb1; padding-top: 1rem; color: #4f5559; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .5rem; } h1 { font-size: 1.4rem; } th, td { padding-right: .5rem; } .figures th, .figures td { min-width: 0; } }
@page wide { size: landscape; margin: 12mm; }
@media print {
  body { font-size: 10pt; } main { max-width: none; padding: 0; } .scroll { overflow: visible; background: none; } .hint { display: none; } .wide { page: wide; margin-right: 0; } .list { width: 100%; font-size: 7pt; } .list td, .list th { overflow-wrap: anywhere; } .list td, .list th { min-width: 0; }
  h2, caption, thead { break-after: avoid; } tr, figure { break-inside: avoid; } thead { display: table-header-group; }
}
";
