/** Readable on a phone, in print, and without colours. */
export const STYLE = `
:root{--ink:#1b1b1b;--soft:#555;--line:#c9c9c9;--done:#0b6b6b;--rest:#d9e6e6}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;padding:1rem;color:var(--ink);background:#fff;font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{font-size:1.5rem;margin:.3rem 0}
h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:2px solid var(--done)}
p{margin:.4rem 0}
.soft{color:var(--soft);font-size:.9rem}
.switch{position:absolute;opacity:0}
.languages{display:flex;gap:.5rem;justify-content:flex-end}
.languages label{padding:.2rem .8rem;border:1px solid var(--line);border-radius:1rem;cursor:pointer}
#zh:checked~.languages [for=zh],#en:checked~.languages [for=en]{background:var(--done);color:#fff}
#zh:focus-visible~.languages [for=zh],#en:focus-visible~.languages [for=en]{outline:3px solid #e08a00}
#zh:checked~main [lang=en],#en:checked~main [lang=zh]{display:none}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:1rem 0}
.figures div{border:1px solid var(--line);border-radius:.4rem;padding:.5rem .7rem}
.figures b{display:block;font-size:1.5rem}
.beside{display:grid;grid-template-columns:minmax(0,28rem) minmax(0,1fr);gap:1.2rem;align-items:start}
svg{width:100%;height:auto;display:block}
svg text{font-size:14px;fill:var(--ink)}
.axis{stroke:var(--line);stroke-width:1}
.done{fill:var(--done)}
.rest{fill:url(#hatch);stroke:var(--done);stroke-width:1}
.key{display:inline-block;width:1.6em;height:.9em;vertical-align:-.05em}
.scroll{overflow:auto;max-height:24rem}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
th:first-child{text-align:left;font-weight:normal}
thead th:first-child{font-weight:600}
thead th{position:sticky;top:0;background:#fff;font-weight:600;border-bottom:2px solid var(--ink)}
@media (max-width:48rem){.beside{grid-template-columns:minmax(0,1fr)}body{padding:.7rem}}
@media print{body{max-width:none;padding:0;font-size:11pt}.languages{display:none}.scroll{max-height:none;overflow:visible}.beside,.figures{break-inside:avoid}h2{break-after:avoid}thead th{position:static}.done,.rest{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
