"""What a page must not have, whatever stands on it; asked in the browser, of the page as it was understood there."""

# Runs in a page before anything of the page does: whatever a text could make the browser run would say so here.
TRAPS = r"""
window.ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => { window.ran.push(name); return null; };
"""

LOOK = r"""
const bad = [];
const rows = [];
const skeleton = e => {
  const names = [...e.attributes].map(a => a.name === 'class' ? 'class=' + a.value : a.name).sort().join(' ');
  const inner = [...e.children].map(skeleton);
  // Which rows stand on which page of a list may depend on ids: they are counted, and compared beside the page.
  if (e.localName === 'tbody') rows.push(...inner.splice(0));
  return '<' + e.localName + (names ? ' ' + names : '') + (e.localName === 'tbody' ? ' rows=' + e.children.length : '') + '>'
    + inner.join('') + '</>';
};
if (window.ran === undefined || window.ran.length) bad.push('ran: ' + window.ran);
if (document.scripts.length) bad.push(document.scripts.length + ' scripts');
for (const item of performance.getEntriesByType('resource')) {
  const url = new URL(item.name);
  if (url.origin !== location.origin || !['/public/style.css', '/favicon.ico'].includes(url.pathname)) bad.push('loads ' + item.name);
}

// An emoji's or a letter's own selectors aside: what nobody can see, and what turns the text around it.
const unseen = /[\p{Cc}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0d\u{e0000}-\u{e0fff}]/u;
const hides = text => unseen.test(text.replaceAll('\n', ''));
for (const e of document.querySelectorAll('*')) {
  for (const a of e.attributes) {
    const what = e.localName + ' ' + a.name + '=' + a.value.slice(0, 80);
    if (/^on|^style$|^src|^formaction$|^xlink|^ping$|^background$|^autofocus$|^dir$/i.test(a.name)) bad.push('attribute: ' + what);
    if (hides(a.value)) bad.push('hidden in an attribute: ' + what);
    if (['href', 'action'].includes(a.name)) {
      if (new URL(a.value, location.href).origin !== location.origin || !/^(\/(?![\/\\])|#)/.test(a.value)) bad.push('leads away: ' + what);
    }
  }
}

const rtl = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const texts = [];
const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.data.trim()) continue;
  texts.push(node.data);
  if (hides(node.data)) bad.push('hidden in text: ' + JSON.stringify(node.data.slice(0, 80)));
  // Text that runs the other way stands in an element that keeps its direction to itself.
  const parent = node.parentElement;
  if (rtl.test(node.data) && !parent.closest('bdi,title,option') && getComputedStyle(parent).display === 'inline')
    bad.push('turns its line: ' + parent.localName + ' ' + JSON.stringify(node.data.slice(0, 80)));
}

// Where the neighbours of foreign text stand on the same line, they stand where they were written.
const boxes = node => { const range = document.createRange(); range.selectNode(node); return [...range.getClientRects()].filter(b => b.width > 0); };
const sameLine = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 2;
for (const e of document.querySelectorAll('bdi')) {
  if (getComputedStyle(e).unicodeBidi !== 'isolate') bad.push('a bdi that is not isolated');
  if (e.children.length) bad.push('elements in a bdi: ' + e.innerHTML.slice(0, 80));
  for (const [first, second] of [[e.previousSibling, e], [e, e.nextSibling]]) {
    if (!first || !second) continue;
    const [a, b] = [boxes(first).at(-1), boxes(second)[0]];
    if (a && b && sameLine(a, b) && a.left > b.left + 1) bad.push('changed places: ' + JSON.stringify(e.parentElement.textContent.slice(0, 80)));
  }
}
for (const e of document.querySelectorAll('a,button,summary'))
  if (!e.getAttribute('aria-label') && !e.textContent.replace(/[\s\u2800\ufe0e\ufe0f]/gu, '')) bad.push('cannot be seen: ' + e.outerHTML.slice(0, 100));
if (document.scrollingElement.scrollWidth > innerWidth + 1) bad.push('wider than the screen: ' + document.scrollingElement.scrollWidth);
return {
  bad: [...new Set(bad)], skeleton: skeleton(document.documentElement), texts,
  said: [...document.querySelectorAll('td .said bdi')].map(e => e.textContent),
  lines: [...document.querySelectorAll('td li bdi')].map(e => e.textContent),
  rows,
  links: [...document.querySelectorAll('a')].map(e => e.getAttribute('href')),
  next: document.querySelector('a[rel=next]')?.getAttribute('href') ?? null,
};
"""
