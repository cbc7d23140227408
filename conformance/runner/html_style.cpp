// html_style.cpp - see html_style.hpp.
#include "html_style.hpp"

namespace csgi::conformance {

std::string_view html_style() noexcept {
  return R"css(
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #fff; --ink: #1d2126; --faint: #667079; --line: #e1e4e6; --code: #f1f3f4; --link: #0b5cad;
  --passed: #187a3c; --failed: #c2221c; --warned: #8f5b00; --not-applicable: #5d6b78; --planned: #6d5bb0; --no-case: #a3456f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1b1f23; --ink: #e4e7ea; --faint: #96a0a9; --line: #31373d; --code: #262c31; --link: #7db7f5;
    --passed: #5cc98a; --failed: #ff7a72; --warned: #e5b04c; --not-applicable: #9aa7b3; --planned: #b3a4f0; --no-case: #ee8fb9;
  }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .2rem }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem }
p { margin: 0 }
p + p { margin-top: .4rem }
a { color: var(--link); text-decoration: none }
a:hover { text-decoration: underline }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .86em }
code { background: var(--code); border-radius: 3px; padding: .08em .3em }
.faint { color: var(--faint) }

.servers { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.4rem 0 }
.server { flex: 1 1 20rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.1rem }
.server h3 { margin: 0; font-size: 1.05rem; overflow-wrap: anywhere }
.server .verdict { font-weight: 600 }
.server .command { margin: .35rem 0 .7rem; overflow-wrap: anywhere }
.server .command code { padding: 0; background: none; color: var(--faint) }
.bar { display: flex; gap: 2px; height: 10px; border-radius: 5px; overflow: hidden; margin: .7rem 0 .5rem; background: var(--code) }
.bar i { min-width: 3px; background: currentColor }
.counts { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .9rem }

.tools { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; align-items: baseline; font-size: .9rem }
.tools label { margin-left: auto; cursor: pointer }
.passed { color: var(--passed) } .failed { color: var(--failed) } .warned { color: var(--warned) }
.planned { color: var(--planned) } .no-case { color: var(--no-case) }
.not-applicable, .not-run, .elsewhere { color: var(--not-applicable) }

.grid { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: clip }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
col.id { width: 9.6rem } col.subject { width: 8.5rem }
th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--faint) }
thead th { position: sticky; top: 0; z-index: 1; background: var(--card); padding: .5rem .8rem; box-shadow: 0 1px var(--line) }
thead th.subject, td.cell { text-align: center; overflow-wrap: anywhere }
th.section { padding: .9rem .8rem .3rem; color: var(--ink); font-size: .95rem }
td { vertical-align: top; padding: .5rem .8rem; border-top: 1px solid var(--line); overflow-wrap: anywhere }
td.id { white-space: nowrap }
td.id a { color: inherit; font-weight: 600; font-size: .86rem; font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace }
td.id .level { display: block; color: var(--faint); font-size: .78rem }
td.cell { font-size: .85rem; white-space: nowrap }
td.cell b { display: block; font-size: 1.05rem; line-height: 1.2 }
tr:target td { background: color-mix(in srgb, var(--link) 12%, transparent) }
.notes { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: flex-start; margin-top: .15rem }
.notes:empty { display: none }
.chip { display: inline-block; border: 1px solid var(--line); border-radius: 9px; padding: 0 .5em; font-size: .78rem; color: var(--faint); order: -1 }

details { margin-top: .4rem }
summary { cursor: pointer; font-size: .9rem }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
details.cases { margin: 0 }
details.cases > summary { color: var(--faint); font-size: .82rem }
details.cases ul { margin: .2rem 0 .3rem; padding-left: 1.2rem; font-size: .86rem }
tr.failures td { border-top: 0; padding: 0 .8rem .7rem }
.failure { border-left: 3px solid currentColor; padding: .15rem 0 .15rem .8rem; margin: .45rem 0 0 }
.failure > * { color: var(--ink) }
.failure .reason { color: inherit; margin: .3rem 0 }
.failure .forms { font-size: .82rem; color: var(--faint) }
pre { margin: .3rem 0 .6rem; padding: .6rem .8rem; background: var(--code); border-radius: 6px; overflow-x: auto; max-height: 28rem;
  line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere }
pre span { display: block; padding-left: 1.4em; text-indent: -1.4em }
pre .sent { color: var(--link) }

body:has(#attention:checked) tr.calm, body:has(#attention:checked) section.calm { display: none }
@media (max-width: 46rem) {
  body { padding: 1rem .6rem }
  col.id { width: 6.4rem } col.subject { width: 4.6rem }
  td, thead th, th.section { padding-left: .4rem; padding-right: .4rem }
  td.id { white-space: normal }
  td.cell .word { display: none }
}
@media print { thead th { position: static } .tools label { display: none } }
)css";
}

}  // namespace csgi::conformance
