// The one stylesheet of all pages: calm, dense, readable, for screens, keyboards and paper.
import SyncKit

enum Stylesheet {
    /// Changes with the text, so that no browser shows a page with an older one.
    static let version = String(Blake2b.hash(Bytes(text.utf8)).hex.prefix(12))

    static var response: HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                ("Content-Type", "text/css; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "public, max-age=86400"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ], body: .bytes(Array(text.utf8)))
    }

    /// Colours stand in pairs of text on ground; a test computes their contrast.
    static let text = """
        :root {
          color-scheme: light;
          --ink: #1c2733; --paper: #ffffff;
          --quiet: #4f5d6b; --ground: #f4f6f8; --line: #d5dce3;
          --link: #0b5487; --bar: #12395b; --bar-ink: #ffffff; --bar-quiet: #d6e4f0;
          --good: #14572f; --good-ground: #e6f4ea;
          --warn: #6b4200; --warn-ground: #fff3d6;
          --bad: #8c1d1d; --bad-ground: #fdeaea;
          --focus: #b34700;
        }
        * { box-sizing: border-box; }
        html { font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        body { margin: 0; color: var(--ink); background: var(--ground); }
        a { color: var(--link); text-underline-offset: .15em; }
        a:hover { text-decoration-thickness: 2px; }
        :focus-visible, input[type="date"]:focus-within { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
        .skip { position: absolute; left: .5rem; top: -4rem; padding: .5rem 1rem; background: var(--paper); z-index: 2; }
        .skip:focus { top: .5rem; }

        .photos { list-style: none; display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; margin: .5rem 0 1rem; }
        .photos img { display: block; max-width: 20rem; max-height: 15rem; border: 1px solid var(--line); }

        .top { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; padding: .5rem 1.25rem;
          background: var(--bar); color: var(--bar-ink); }
        .top a { color: var(--bar-ink); }
        .top :focus-visible { outline-color: #ffd591; }
        .brand { display: flex; flex-direction: column; line-height: 1.2; }
        .brand strong { font-size: 1.05rem; }
        .brand span { color: var(--bar-quiet); font-size: .8rem; }
        .top nav { flex: 1 0 100%; order: 3; }
        .top ul { display: flex; flex-wrap: wrap; gap: .1rem; list-style: none; margin: 0; padding: 0; }
        .top nav a { display: block; padding: .35rem .65rem; text-decoration: none; border-radius: 4px; }
        .top nav a:hover { text-decoration: underline; }
        .top nav a[aria-current] { background: var(--paper); color: var(--bar); font-weight: 600; }
        .who { display: flex; flex-wrap: wrap; gap: .25rem .9rem; align-items: center; font-size: .87rem; margin-left: auto; }

        main { max-width: 84rem; margin: 0 auto; padding: 1.1rem 1.25rem 2.5rem; }
        main:focus { outline: none; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .8rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.12rem; margin: 1.6rem 0 .5rem; }
        h3 { font-size: 1rem; margin: 1.1rem 0 .4rem; }
        .card > h2:first-child, .card > form > h2:first-child { margin-top: 0; }
        p { margin: 0 0 .7rem; max-width: 62rem; }
        .quiet-text, .hint { color: var(--quiet); font-size: .9rem; }
        .lead { color: var(--quiet); margin-top: -.45rem; }
        .card { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .9rem 1.1rem;
          margin: 0 0 1rem; }
        .narrow { max-width: 32rem; }

        .notice { border-left: 4px solid; border-radius: 3px; padding: .55rem .9rem; }
        .good { color: var(--good); background: var(--good-ground); }
        .warn { color: var(--warn); background: var(--warn-ground); }
        .bad { color: var(--bad); background: var(--bad-ground); }
        .badge { display: inline-block; border-radius: 999px; padding: 0 .55rem; margin-left: .35rem; font-size: .8rem;
          line-height: 1.5; white-space: nowrap; border: 1px solid; }
        .badge.plain { color: var(--quiet); background: var(--ground); }
        td > .badge:first-child, dd > .badge:first-child { margin-left: 0; }

        .scroll { position: relative; overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 6px;
          margin: 0 0 1rem; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: .55rem .8rem; }
        .titled caption { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
        .titled thead th { border-top: 0; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .8rem; border-top: 1px solid var(--line);
          overflow-wrap: anywhere; }
        thead th { color: var(--quiet); background: var(--ground); font-size: .84rem; font-weight: 600; white-space: nowrap; }
        tbody th { font-weight: 600; min-width: 7rem; }
        .versus td + td, .versus th + td { min-width: 9rem; }
        tbody tr:hover > * { background: #eef4f9; }
        .num { text-align: right; white-space: nowrap; }
        .nowrap { white-space: nowrap; }
        .said { white-space: pre-line; }
        .mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .86em; overflow-wrap: anywhere; }
        ul.plain { list-style: none; margin: 0; padding: 0; }
        td ul.plain li + li { margin-top: .15rem; }

        .versus th[scope="col"] { font-size: 1rem; color: var(--ink); }
        .versus .value { font-size: 1.05rem; font-weight: 600; }
        .versus .base { color: var(--quiet); background: var(--ground); }

        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .6rem 1.5rem; margin: 0; }
        .facts.card { margin: 0 0 1rem; }
        .facts dt { color: var(--quiet); font-size: .84rem; }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        .tabs { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; margin: 0 0 1rem; padding: 0; }
        .tabs a { display: block; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: 999px;
          background: var(--paper); text-decoration: none; }
        .tabs a[aria-current] { background: var(--bar); color: var(--bar-ink); border-color: var(--bar); }
        .pager { display: flex; gap: 1rem; align-items: center; margin: 0 0 1rem; }

        form.row { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: 0 0 1rem; }
        label { display: block; font-weight: 600; font-size: .9rem; margin: 0 0 .2rem; }
        fieldset > label:not(:first-of-type) { margin-top: .8rem; }
        fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 .9rem; padding: .5rem .9rem .7rem; }
        legend { font-weight: 600; padding: 0 .35rem; }
        .choice { display: flex; gap: .5rem; align-items: baseline; padding: .2rem 0; }
        .choice label { font-weight: 400; font-size: 1rem; margin: 0; }
        input[type="text"], input[type="password"], input[type="date"], select, textarea { font: inherit; color: var(--ink);
          background: var(--paper); border: 1px solid #7b8794; border-radius: 4px; padding: .35rem .55rem; width: 100%; }
        form.row input, form.row select { width: auto; min-width: 11rem; }
        input[type="radio"], input[type="checkbox"] { width: 1.05rem; height: 1.05rem; accent-color: var(--link); flex: none; }
        textarea { min-height: 4.5rem; }
        fieldset select, fieldset textarea { max-width: 40rem; }
        button { font: inherit; font-weight: 600; color: var(--bar-ink); background: var(--link); border: 1px solid var(--link);
          border-radius: 4px; padding: .4rem 1rem; cursor: pointer; }
        button:hover { background: var(--bar); }
        button.second { color: var(--link); background: var(--paper); }
        button.second:hover { background: var(--ground); }
        button.quiet { color: var(--bar-ink); background: transparent; border-color: var(--bar-quiet); font-weight: 400;
          padding: .15rem .6rem; }
        .buttons { display: flex; flex-wrap: wrap; gap: .6rem; }
        .who form, td form { margin: 0; }
        pre { background: var(--ground); border: 1px solid var(--line); border-radius: 4px; padding: .6rem .8rem; overflow-x: auto;
          white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 .7rem; }

        .chart { display: block; width: 100%; max-width: 46rem; height: auto; }
        .chart text { font-size: 13px; fill: var(--ink); }
        .chart .bar { fill: #2d6a9f; }
        .chart .bar-good { fill: #2f7d4f; }
        .chart .bar-warn { fill: #a86a00; }
        .chart .bar-bad { fill: #a83232; }
        .chart .axis { stroke: var(--line); }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem;
          align-items: start; }
        figure { margin: 0; }

        .foot { color: var(--quiet); font-size: .84rem; padding: 0 1.25rem 1.5rem; max-width: 84rem; margin: 0 auto; }

        @media (max-width: 40rem) {
          html { font-size: 16px; }
          main { padding: .9rem .8rem 2rem; }
          .who { margin-left: 0; }
        }
        @media (prefers-reduced-motion: no-preference) { .skip { transition: top .1s; } }
        @media print {
          html { font-size: 10.5pt; }
          body, main { background: #ffffff; padding: 0; max-width: none; }
          .top { background: #ffffff; color: #000000; border-bottom: 1pt solid #000000; padding: 0 0 4pt; }
          .top nav, .who, .skip, form:not(.printed), .pager a, .tabs, .screen { display: none !important; }
          .printed th:first-child, .printed td:first-child { display: none; }
          .brand span { color: #333333; }
          .scroll, .card { border-color: #999999; overflow: visible; }
          .scroll, tr, .card, figure { break-inside: avoid-page; }
          table { break-inside: auto; }
          thead { display: table-header-group; }
          a { color: #000000; text-decoration: none; }
          .badge { border-color: #666666; }
        }
        """
}
