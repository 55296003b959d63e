/** The documentation's stylesheet; served from the same origin, since the pages allow no inline style. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2430, #e3e8ef);
  --quiet: light-dark(#596575, #9aa6b6);
  --ground: light-dark(#ffffff, #11161d);
  --raised: light-dark(#f4f6f9, #1a212b);
  --line: light-dark(#dde3ea, #2b3542);
  --accent: light-dark(#0b5cad, #7cb8f5);
  --get: light-dark(#0a6b4b, #62d3a5);
  --change: light-dark(#8a4b00, #f0b45c);
  --remove: light-dark(#a3202c, #ff8f96);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: var(--ground); font: 1rem/1.6 system-ui, sans-serif; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--ground); }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; padding: 0.75rem max(1rem, (100vw - 75rem) / 2 + 1rem); border-bottom: 1px solid var(--line); }
header nav { display: flex; gap: 1rem; }
.brand { font-weight: 700; color: inherit; text-decoration: none; }
.columns { display: block; max-width: 75rem; margin: 0 auto; }
.side { padding: 1rem; border-bottom: 1px solid var(--line); font-size: 0.9375rem; }
.side h2 { margin: 0.75rem 0 0.25rem; font-size: 0.8125rem; text-transform: uppercase; letter-spacing: 0.06em; }
.side h2 a { color: var(--quiet); text-decoration: none; }
.side ul { margin: 0; padding: 0; list-style: none; }
.side li a { display: inline-block; padding: 0.2rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
.side li a:hover { color: var(--accent); text-decoration: underline; }
main { padding: 1rem; min-width: 0; }
main:focus { outline: none; }
h1 { margin: 0.5rem 0 1rem; font-size: 1.75rem; line-height: 1.2; }
h1 small { color: var(--quiet); font-size: 0.5em; font-weight: 400; }
.tag > h2 { margin: 2.5rem 0 0; font-size: 1.375rem; text-transform: capitalize; }
article { margin: 1.5rem 0 0; padding: 1.25rem 0 0; border-top: 1px solid var(--line); }
article h3 { margin: 0; font-size: 1.125rem; }
article h3 a { color: inherit; text-decoration: none; }
article h4 { margin: 1.25rem 0 0.25rem; font-size: 0.8125rem; color: var(--quiet); text-transform: uppercase; letter-spacing: 0.06em; }
.call { margin: 0.25rem 0; }
.method, .status { display: inline-block; padding: 0 0.45em; border: 1px solid currentColor; border-radius: 0.3em; font: 600 0.8125rem/1.5 ui-monospace, monospace; color: var(--change); }
.method.get, .method.head { color: var(--get); }
.method.delete { color: var(--remove); }
.status { color: var(--quiet); }
.facts { margin: 0.25rem 0; color: var(--quiet); font-size: 0.875rem; }
dl { margin: 0; }
dt { padding-top: 0.5rem; border-top: 1px solid var(--line); }
dt:first-child { border-top: 0; }
dd { margin: 0 0 0.5rem; }
dd dl { margin: 0.5rem 0 0; padding-left: 0.875rem; border-left: 2px solid var(--line); }
pre { margin: 0.5rem 0; padding: 0.75rem 1rem; overflow-x: auto; border-radius: 0.5rem; background: var(--raised); border: 1px solid var(--line); }
pre code { overflow-wrap: normal; }
details { border: 1px solid var(--line); border-radius: 0.5rem; margin: 0.5rem 0; padding: 0 0.75rem; }
summary { padding: 0.5rem 0; cursor: pointer; overflow-wrap: anywhere; }
details[open] { padding-bottom: 0.5rem; }
@media (min-width: 56rem) {
  .columns { display: grid; grid-template-columns: 16rem minmax(0, 1fr); }
  .side { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; border-bottom: 0; border-right: 1px solid var(--line); }
  main { padding: 1rem 2rem 4rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
