#include "resources.hpp"

namespace ticking {
namespace {

constexpr std::string_view html = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ticker</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="ticker.css">
<script src="ticker.js" defer></script>

<main>
  <header><h1>Ticker</h1><p id="state" role="status">connecting …</p></header>
  <section>
    <p id="price">–</p>
    <p id="change">&nbsp;</p>
    <svg id="line" viewBox="0 0 600 160" preserveAspectRatio="none" role="img" aria-label="The last ticks"><polyline/></svg>
    <p id="range" class="quiet">&nbsp;</p>
  </section>
  <ul id="facts">
    <li><b id="listeners">–</b> listening</li>
    <li><b id="ticks">0</b> ticks seen</li>
    <li><b id="missed">0</b> missed</li>
  </ul>
  <p class="quiet">A made-up price, told by server-sent events. From a terminal: <code>curl -N <span id="url"></span></code></p>
</main>
)html";

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --paper: #f7f7f4; --ink: #1d2420; --quiet: #616b65; --line: #dcded8; --card: #fff;
        --up: #14713c; --down: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --paper: #121614; --ink: #e6ebe8; --quiet: #98a39d; --line: #2a322e; --card: #1a201d; --up: #6fd19a; --down: #ff8a80 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem }
header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; margin-bottom: 1rem }
h1 { margin: 0; font-size: 1.3rem }
p { margin: 0 }
#state { font-size: .9rem; color: var(--down) }
#state::before { content: ""; display: inline-block; width: .6rem; height: .6rem; margin-right: .45rem; border-radius: 50%; background: currentColor }
#state.on { color: var(--up) }
section { padding: 1.25rem 1.4rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem }
#price { font-size: clamp(2.6rem, 12vw, 4.2rem); font-weight: 700; line-height: 1.1; letter-spacing: -.02em; font-variant-numeric: tabular-nums }
#change { font-weight: 600; font-variant-numeric: tabular-nums }
.up { color: var(--up) }
.down { color: var(--down) }
#line { display: block; width: 100%; height: 10rem; margin: 1rem 0 .5rem; overflow: visible }
#line polyline { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke }
.quiet { color: var(--quiet); font-size: .92rem }
#facts { display: flex; flex-wrap: wrap; gap: .4rem 1.75rem; margin: 1rem 0; padding: 0; list-style: none; color: var(--quiet) }
#facts b { color: var(--ink); font-variant-numeric: tabular-nums }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; color: var(--ink) }
)css";

constexpr std::string_view script = R"js('use strict';

const $ = id => document.getElementById(id);
const prices = [];
let ticks = 0, missed = 0;

function setState(text, on) {
  $('state').textContent = text;
  $('state').className = on ? 'on' : '';
}

function draw() {
  const low = Math.min(...prices), high = Math.max(...prices), span = high - low || 1;
  const points = prices.map((price, i) => `${600 - (prices.length - 1 - i) * 10},${(155 - (price - low) / span * 150).toFixed(1)}`);
  $('line').firstElementChild.setAttribute('points', points.join(' '));
  $('range').textContent = `the last ${prices.length}: ${low.toFixed(2)} to ${high.toFixed(2)}`;
}

function tick(event) {
  const {price, listeners} = JSON.parse(event.data);
  const before = prices.at(-1);
  prices.push(Number(price));
  if (prices.length > 61) prices.shift();
  const change = before === undefined ? 0 : Number(price) - before;
  $('price').textContent = price;
  $('change').textContent = (change < 0 ? '▼ ' : '▲ ') + Math.abs(change).toFixed(2);
  $('change').className = change < 0 ? 'down' : 'up';
  $('line').setAttribute('class', change < 0 ? 'down' : 'up');
  $('listeners').textContent = listeners;
  $('ticks').textContent = ++ticks;
  document.title = price + ' · Ticker';
  draw();
}

// It comes back by itself, and says which tick it has seen last.
const url = new URL('events', location.href);
const source = new EventSource(url);
source.onopen = () => setState('connected', true);
source.onerror = () => setState(source.readyState === EventSource.CLOSED ? 'refused' : 'disconnected, retrying …', false);
source.addEventListener('tick', tick);
source.addEventListener('missed', event => { $('missed').textContent = missed += Number(event.data); });
source.addEventListener('farewell', event => setState(event.data, false));
$('url').textContent = url;
)js";

}  // namespace

std::optional<page::resource> find_resource(std::string_view name) noexcept {
  if (name.empty()) return page::resource{"text/html; charset=utf-8", html};
  if (name == "ticker.css") return page::resource{"text/css; charset=utf-8", style};
  if (name == "ticker.js") return page::resource{"text/javascript; charset=utf-8", script};
  return std::nullopt;
}

}  // namespace ticking
