#pragma once

#include <string_view>

namespace omega {

/// What stands around the content of the report: the style, and the few lines that filter kinds and answer a tap.
inline constexpr std::string_view page_head = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Omega · traps</title><style>
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5d6879;--line:#e0e4ea;--grid:#eceff3;
--price:#4c6a92;--band:#4c6a9233;--hit:#12855b;--miss:#c8372d;--open:#8a93a1;--edge:#12855b;--none:#c8372d;--un:#78818f}
@media(prefers-color-scheme:dark){:root{--bg:#10151c;--card:#18202a;--ink:#e4e9f0;--soft:#98a4b5;--line:#2b3643;
--grid:#232d39;--price:#8fb2e0;--band:#8fb2e02e;--hit:#3ecf96;--miss:#ff7468;--open:#76818f;--edge:#3ecf96;
--none:#ff7468;--un:#8f9aa9}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px 48px}h1{font-size:26px;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:18px;margin:0}p{margin:6px 0;color:var(--soft)}.card{background:var(--card);border:1px solid var(--line);
border-radius:12px;padding:16px;margin-top:16px}.scroll{overflow-x:auto;margin:0 -4px;padding:0 4px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
th{font-weight:600;color:var(--soft);text-align:right;border-bottom:2px solid var(--line);padding:6px 8px;white-space:nowrap}
td{text-align:right;border-bottom:1px solid var(--line);padding:6px 8px;white-space:nowrap}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
tr:last-child td{border-bottom:0}small{color:var(--soft);font-size:12px}
.chip{display:inline-block;padding:1px 9px;border-radius:99px;border:1px solid;font-size:13px;font-weight:600}
.edge{color:var(--edge)}.none{color:var(--none)}.unproven{color:var(--un);font-weight:500}
.row{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:baseline;justify-content:space-between;margin-bottom:8px}
.key{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:13px;color:var(--soft)}select{font:inherit;font-size:14px;
padding:4px 8px;border-radius:8px;border:1px solid var(--line);background:var(--card);color:var(--ink)}
svg{display:block}.chart{width:100%;min-width:660px;height:auto}.chart text{font-size:11.5px;fill:var(--soft)}
.g{stroke:var(--grid);stroke-width:1}.b{fill:var(--band);stroke:none}.l{fill:none;stroke:var(--price);stroke-width:1.2;
vector-effect:non-scaling-stroke;stroke-linejoin:round}.m{cursor:pointer;stroke-width:1.3}.m:hover{stroke-width:3}
.h{color:var(--hit)}.s{color:var(--miss)}.o{color:var(--open)}.m path{fill:currentColor;stroke:currentColor}
.v path{fill:var(--card)}.off{display:none}.say{min-height:1.5em;font-size:13.5px;color:var(--ink);margin:8px 0 0;
font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.f line{stroke:var(--soft)}.f .one{stroke:var(--line)}.f circle{fill:var(--ink)}
</style></head><body><main>
)html";

inline constexpr std::string_view page_foot = R"html(</main><script>
const pick=document.getElementById('kind');
pick&&pick.addEventListener('change',()=>document.querySelectorAll('.m').forEach(m=>
m.classList.toggle('off',pick.value!==''&&m.dataset.k!==pick.value)));
document.addEventListener('click',e=>{const m=e.target.closest&&e.target.closest('.m');if(!m)return;
m.closest('.card').querySelector('.say').textContent=m.querySelector('title').textContent});
</script></body></html>
)html";

}  // namespace omega
