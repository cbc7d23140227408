// page_style.hpp - how the chat's page looks.
#pragma once
#include <string_view>

namespace chatting {

inline constexpr std::string_view page_style = R"css(
:root { color-scheme: light dark; --paper: #f6f7f9; --ink: #1c2430; --quiet: #5f6b7a; --line: #dde1e7; --card: #fff;
        --accent: #2358c9; --on-accent: #fff; --mine: #e2ebff; --wrong: #b3261e; --good: #16703d }
@media (prefers-color-scheme: dark) {
  :root { --paper: #13161b; --ink: #e6e9ee; --quiet: #9aa5b3; --line: #2b323c; --card: #1b2027;
          --accent: #7aa5ff; --on-accent: #10151f; --mine: #22345a; --wrong: #ff8a80; --good: #6fd19a }
}
* { box-sizing: border-box }
[hidden] { display: none !important }
html, body { height: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.15rem; line-height: 1.3 }
a { color: inherit }
input, textarea, button { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: .6rem; padding: .55rem .8rem;
                          background: var(--card) }
input:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible
  { outline: 2px solid var(--accent); outline-offset: 1px }
button { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer }
button:disabled { opacity: .5; cursor: default }
.wrong { color: var(--wrong); margin: 0 }

#door { min-height: 100%; display: grid; place-items: center; padding: 1.25rem }
#door form { width: min(100%, 24rem); display: grid; gap: 1rem; padding: 1.75rem; background: var(--card);
             border: 1px solid var(--line); border-radius: 1rem }
#door h1 { font-size: 1.7rem }
#door p { margin: 0 }
#door form > p:not(.wrong) { color: var(--quiet) }
#door label { display: grid; gap: .3rem; font-weight: 600 }
#door input { font-weight: 400; background: var(--paper); width: 100% }

#inside { height: 100vh; height: 100dvh; max-width: 64rem; margin: 0 auto; display: grid;
          grid-template: "head head" auto "log people" minmax(0, 1fr) "say say" auto / minmax(0, 1fr) 13rem }
#inside > header { grid-area: head; display: flex; align-items: center; justify-content: space-between; gap: 1rem;
                   padding: .8rem 1.1rem; border-bottom: 1px solid var(--line) }
#inside > header h1 a { color: var(--quiet); text-decoration: none }
#inside > header h1 a:hover { text-decoration: underline }
#inside > header h1 { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
#where::before { content: "#"; color: var(--quiet) }
#state { margin: 0; font-size: .88rem; color: var(--quiet); white-space: nowrap }
#state::before { content: ""; display: inline-block; width: .6rem; height: .6rem; margin-right: .45rem; border-radius: 50%;
                 background: var(--wrong) }
#state.on::before { background: var(--good) }
#state:not(.on) { color: var(--wrong) }

#people { grid-area: people; padding: 1rem 1.1rem; border-left: 1px solid var(--line); overflow-y: auto; font-size: .95rem }
#people summary { font-weight: 600; color: var(--quiet); cursor: pointer }
#names { margin: .5rem 0 0; padding: 0; list-style: none }
#names li { padding: .15rem 0; overflow-wrap: anywhere }
#names .me::after { content: " (you)"; color: var(--quiet) }

#log { grid-area: log; margin: 0; padding: 1rem 1.1rem; list-style: none; overflow-y: auto; overscroll-behavior: contain;
       display: flex; flex-direction: column; align-items: flex-start; gap: .45rem }
#log li { max-width: min(85%, 40rem); padding: .45rem .8rem .55rem; border: 1px solid var(--line); border-radius: .2rem .9rem .9rem;
          background: var(--card) }
#log li.mine { align-self: flex-end; background: var(--mine); border-color: transparent; border-radius: .9rem .2rem .9rem .9rem }
#log li.note { align-self: center; padding: .1rem .6rem; border: 0; background: none; color: var(--quiet); font-size: .88rem;
               text-align: center }
#log .from { display: flex; gap: .6rem; align-items: baseline; font-size: .85rem; color: var(--quiet) }
#log .from bdi { font-weight: 600; color: var(--ink); overflow-wrap: anywhere }
#log .text { white-space: pre-wrap; overflow-wrap: anywhere }
#log:empty::before { content: "Nothing has been said yet."; align-self: center; margin: auto; color: var(--quiet) }

#say { grid-area: say; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .6rem; align-items: end;
       padding: .8rem 1.1rem calc(.8rem + env(safe-area-inset-bottom)); border-top: 1px solid var(--line) }
#say .wrong { grid-column: 1 / -1; font-size: .92rem }
#text { width: 100%; resize: none; max-height: 9rem; line-height: 1.4 }

@media (max-width: 42rem) {
  #inside { grid-template: "head" auto "people" auto "log" minmax(0, 1fr) "say" auto / minmax(0, 1fr) }
  #people { border-left: 0; border-bottom: 1px solid var(--line); padding: .5rem 1.1rem; max-height: 9rem }
  #names { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: .2rem 0 0 }
  #log { padding: .8rem }
  #say, #inside > header { padding-left: .8rem; padding-right: .8rem }
}
)css";

}  // namespace chatting
