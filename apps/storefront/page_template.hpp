// page_template.hpp - what all pages begin with, and the home page as a Mustache template.
#pragma once
#include <string_view>

inline constexpr std::string_view page_opening = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kettle &amp; Kernel</title>
<style>
  :root { color-scheme: light dark; --paper: #faf6f0; --ink: #2b2019; --quiet: #75675b; --line: #e4d9cb; --card: #fff; --accent: #9a4a1c }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #1b1613; --ink: #efe6dc; --quiet: #a99a8c; --line: #3a3029; --card: #241d19; --accent: #e39a63 }
  }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
  header, main, footer { max-width: 64rem; margin: 0 auto; padding: 1.25rem 1.5rem }
  header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 1rem; border-bottom: 1px solid var(--line) }
  h1 { margin: 0; font: 700 1.5rem/1.2 Georgia, serif; letter-spacing: -.01em }
  h2 { margin: 2rem 0 1rem; font: 600 1.15rem/1.3 Georgia, serif }
  form { display: flex; gap: .5rem; align-items: center; margin: 0 }
  input, button { font: inherit; padding: .35rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit }
  input { width: 9rem }
  button { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; cursor: pointer }
  ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none }
  li { display: flex; flex-direction: column; padding: 1.1rem; border: 1px solid var(--line); border-radius: .8rem; background: var(--card) }
  .offers li { border-top: .25rem solid var(--accent) }
  h3 { margin: 0 0 .35rem; font-size: 1rem; line-height: 1.3; overflow-wrap: anywhere }
  li p { margin: 0 0 .9rem; color: var(--quiet); font-size: .92rem; overflow-wrap: anywhere }
  .price { margin: auto 0 0; color: var(--accent); font-weight: 700 }
  .quiet, footer { color: var(--quiet) }
  footer { margin-top: 2rem; border-top: 1px solid var(--line); font-size: .9rem }
  a { color: var(--accent) }
  h1 a { color: inherit; text-decoration: none }
</style>
)";

inline constexpr std::string_view page_template = R"mustache(<header>
  <h1><a href="./">Kettle &amp; Kernel</a></h1>
  <form method="post" action="sign-in">
    {{#user}}
    <span>Good to see you, <strong>{{name}}</strong>.</span><button name="user" value="">Sign out</button>
    {{/user}}
    {{^user}}
    <input name="user" placeholder="Your name" aria-label="Your name" required maxlength="32" pattern="[A-Za-z0-9._\-]+"><button>Sign in</button>
    {{/user}}
  </form>
</header>
<main>
  {{#promotions}}
  <section class="offers">
    <h2>On offer today</h2>
    <ul>
      {{#items}}
      <li><h3>{{title}}</h3><p>{{text}}</p><p class="price">€ {{price}}</p></li>
      {{/items}}
    </ul>
  </section>
  {{/promotions}}
  {{#recommendations}}
  <section class="picks">
    <h2>Picked for you</h2>
    <ul>
      {{#items}}
      <li><h3>{{title}}</h3><p>{{text}}</p><p class="price">€ {{price}}</p></li>
      {{/items}}
    </ul>
  </section>
  {{/recommendations}}
  {{#bare}}
  <p class="quiet">The shelves are being filled. Please look in again in a moment.</p>
  {{/bare}}
</main>
<footer>
  Coffee, and what belongs to it. This page was put together {{way}}. Every way to it:
  <a href="sequential">sequential</a>, <a href="naive">naive</a>, <a href="concurrent">concurrent</a>.
</footer>
)mustache";
