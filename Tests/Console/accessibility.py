"""What a page needs so that everybody can use it. Each rule gives the places that break it."""

RULES = r"""
const found = [];
const bad = (rule, what) => found.push(rule + ': ' + what);
const text = e => (e.textContent || '').trim();
const named = e => e.getAttribute('aria-label') || text(e)
  || (e.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i)).filter(Boolean).map(text).join('')
  || (e.id && document.querySelector('label[for="' + CSS.escape(e.id) + '"]') && text(document.querySelector('label[for="' + CSS.escape(e.id) + '"]')))
  || e.getAttribute('title');

const lang = document.documentElement.lang;
if (!['vi', 'en'].includes(lang)) bad('language', 'html lang=' + lang);
if (!document.title.trim()) bad('title', 'no title');
for (const [tag, count] of [['main', 1], ['header', 1], ['footer', 1], ['h1', 1]]) {
  const n = document.querySelectorAll(tag).length;
  if (n !== count) bad('landmarks', n + ' × ' + tag);
}
const navs = [...document.querySelectorAll('nav')];
for (const nav of navs) if (!named(nav)) bad('landmarks', 'a nav without a name');
if (new Set(navs.map(n => n.getAttribute('aria-label'))).size !== navs.length) bad('landmarks', 'two navs of one name');

let level = 0;
for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
  const next = Number(h.tagName[1]);
  if (next > level + 1) bad('headings', h.tagName + ' after H' + level + ': ' + text(h));
  if (!text(h)) bad('headings', 'an empty one');
  level = next;
}

const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) bad('ids', id);
for (const attribute of ['for', 'aria-labelledby', 'aria-describedby'])
  for (const e of document.querySelectorAll('[' + attribute + ']'))
    for (const id of e.getAttribute(attribute).split(' '))
      if (!document.getElementById(id)) bad('ids', attribute + ' names ' + id);

for (const e of document.querySelectorAll('input:not([type=hidden]),select,textarea'))
  if (!named(e)) bad('labels', e.outerHTML.slice(0, 100));
for (const e of document.querySelectorAll('a,button,summary'))
  if (!named(e)) bad('names', e.outerHTML.slice(0, 120));
for (const e of document.querySelectorAll('svg'))
  if (e.getAttribute('role') !== 'img' || !named(e)) bad('pictures', 'an svg without a text');
for (const e of document.querySelectorAll('svg'))
  if (!document.querySelector('table')) bad('pictures', 'a chart without a table');
for (const e of document.querySelectorAll('fieldset')) if (!e.querySelector('legend')) bad('labels', 'fieldset without legend');

for (const t of document.querySelectorAll('table')) {
  if (!t.querySelector('caption')) bad('tables', 'no caption');
  for (const h of t.querySelectorAll('th')) {
    if (!['col', 'row'].includes(h.getAttribute('scope'))) bad('tables', 'th without scope: ' + text(h));
    if (!text(h)) bad('tables', 'an empty th');
  }
  const heads = t.querySelectorAll('thead tr > *').length;
  for (const row of t.querySelectorAll('tbody tr'))
    if (row.children.length !== heads) bad('tables', row.children.length + ' cells under ' + heads + ' heads');
}

const first = document.querySelector('body a');
if (!first || first.getAttribute('href') !== '#main' || !document.getElementById('main')) bad('skip', 'no skip link first');
for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) bad('keyboard', 'tabindex ' + e.tabIndex);

const parse = c => { const p = c.match(/[\d.]+/g).map(Number); return { r: p[0], g: p[1], b: p[2], a: p.length > 3 ? p[3] : 1 }; };
const part = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
const light = c => 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a === 1) return c; } return { r: 255, g: 255, b: 255 }; };
let least = 99;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const done = new Set();
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || done.has(e) || e.closest('title,option')) continue;
  done.add(e);
  const style = getComputedStyle(e);
  const ink = parse(e.closest('svg') ? style.fill : style.color);
  const [a, b] = [light(ink), light(ground(e.closest('svg') || e))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  least = Math.min(least, ratio);
  if (ratio < 4.5) bad('contrast', ratio.toFixed(2) + ' ' + text(e).slice(0, 40));
}
if (document.documentElement.scrollWidth > window.innerWidth + 1) bad('width', 'the page scrolls sideways: ' + document.documentElement.scrollWidth);
return { found: [...new Set(found)], least, scripts: document.querySelectorAll('script').length,
  focusable: [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')].filter(e => e.offsetParent !== null || e.closest('svg')).length };
"""

FOCUS = r"""
const e = document.activeElement;
if (!e || e === document.body) return null;
const style = getComputedStyle(e);
e.dataset.reached = '1';
return { what: e.tagName + ' ' + (e.textContent || e.name || '').trim().slice(0, 40),
  visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
"""

REACHED = r"""
const group = e => e.type === 'radio' ? document.querySelectorAll('[name="' + e.name + '"][data-reached]').length > 0 : false;
return [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
  .filter(e => e.offsetParent !== null && !e.dataset.reached && !group(e)).map(e => e.outerHTML.slice(0, 100));
"""
