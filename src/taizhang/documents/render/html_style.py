"""The style sheet of the HTML: readable on a phone, A4 in GB/T 9704 layout on paper."""

from __future__ import annotations

from taizhang.documents.render.layout import BOTTOM, LEFT, RIGHT, TOP
from taizhang.documents.wording import SYNTHETIC

CSS = f"""
:root{{--body:"仿宋_GB2312",FangSong,STFangsong,"Noto Serif CJK SC","Noto Serif SC",serif;
--hei:"黑体",SimHei,"Noto Sans CJK SC","Noto Sans SC",sans-serif;
--kai:"楷体_GB2312",KaiTi,STKaiti,var(--body);
--title:"方正小标宋简体","Noto Serif CJK SC",SimSun,serif}}
*{{box-sizing:border-box}}
html{{background:#f3f3f1;color:#111}}
body{{margin:0}}
.taizhang-document{{max-width:48rem;margin:0 auto;padding:1.5rem 1.25rem 4rem;background:#fff;
font:1.125rem/1.9 var(--body);overflow-wrap:break-word}}
.taizhang-document h1{{font:400 1.6rem/1.5 var(--title);text-align:center;margin:1.5rem 0;
text-wrap:balance}}
.taizhang-document h2,.taizhang-document h3,.taizhang-document h4,.taizhang-document h5{{
font-size:1.125rem;font-weight:400;line-height:1.9;margin:0;text-indent:2em}}
.taizhang-document h2{{font-family:var(--hei)}}
.taizhang-document h3{{font-family:var(--kai)}}
.taizhang-document p{{margin:0;text-indent:2em;text-align:justify}}
.taizhang-document .to,.taizhang-document .annex-label{{text-indent:0}}
.taizhang-document .to{{margin-top:1.9rem}}
.taizhang-document .annex-label{{font-family:var(--hei)}}
.taizhang-document ol,.taizhang-document ul{{margin:0;padding:0;list-style:none}}
.taizhang-document li{{text-indent:2em}}
.taizhang-document ol.items{{counter-reset:item}}
.taizhang-document ol.items>li::before{{counter-increment:item;content:counter(item) "."}}
.taizhang-document ul.items>li::before{{content:"——"}}
.taizhang-document .scroll{{overflow-x:auto;margin:.75rem 0}}
.taizhang-document table{{border-collapse:collapse;width:100%;font-size:.95rem;line-height:1.5}}
.taizhang-document caption{{font-family:var(--hei);padding:.4rem}}
.taizhang-document th,.taizhang-document td{{border:1px solid #444;padding:.25rem .4rem;
vertical-align:middle}}
.taizhang-document th{{font-family:var(--hei);font-weight:400;background:#f6f6f4}}
.taizhang-document .left{{text-align:left}}.taizhang-document .centre{{text-align:center}}
.taizhang-document .right{{text-align:right;font-variant-numeric:tabular-nums}}
.taizhang-document a.number{{color:inherit;white-space:normal;
text-decoration:underline dotted #1a5fb4;
text-underline-offset:.2em}}
.taizhang-document a.number:hover,.taizhang-document a.number:focus-visible{{background:#e8f0fb}}
.taizhang-document a:focus-visible{{outline:2px solid #1a5fb4;outline-offset:2px}}
.taizhang-document .missing{{background:#ffe08a;font-weight:700}}
.taizhang-document .blank{{background:#d9e8fb}}
.taizhang-document .synthetic{{color:#b00020;font-family:var(--hei);text-align:center;
text-indent:0;border:1px solid currentColor;padding:.1rem}}
.taizhang-document .warnings{{border-left:4px solid #b26a00;background:#fff6e5;padding:.5rem 1rem;
margin:1rem 0}}
.taizhang-document .signature{{margin-top:1.9rem;text-align:right}}
.taizhang-document .signature p{{text-align:right;text-indent:0}}
.taizhang-document .annexes{{margin-top:1.9rem;padding-left:2em}}
.taizhang-document .annexes p,.taizhang-document .annexes li{{text-indent:0}}
.taizhang-document .annexes ol{{padding-left:3em;margin-top:-1.9em}}
.taizhang-document .annexes ol.several{{list-style:decimal;padding-left:4.5em}}
.taizhang-document section.annex{{margin-top:3rem;border-top:1px solid #bbb;padding-top:1.5rem}}
.taizhang-document tr:has(:target),.taizhang-document a.number:target{{background:#fff6c2}}
@media (max-width:40rem){{.taizhang-document{{padding:1rem .9rem 3rem}}}}
@media print{{
@page{{size:A4;margin:{TOP}mm {RIGHT}mm {BOTTOM}mm {LEFT}mm}}
@page :right{{@bottom-right{{content:"— " counter(page) " —";font:14pt "宋体",SimSun,serif;
padding-right:14pt}}}}
@page :left{{@bottom-left{{content:"— " counter(page) " —";font:14pt "宋体",SimSun,serif;
padding-left:14pt}}}}
html{{background:none}}
.taizhang-document{{max-width:none;margin:0;padding:0;font-size:15.75pt;line-height:28.95pt}}
.taizhang-document h1{{font-size:22pt;line-height:28.95pt;margin:0 0 28.95pt}}
.taizhang-document h2,.taizhang-document h3,.taizhang-document h4,.taizhang-document h5{{
font-size:15.75pt;line-height:28.95pt;break-after:avoid}}
.taizhang-document a.number{{text-decoration:none}}
.taizhang-document .warnings{{display:none}}
.taizhang-document table{{font-size:10.5pt}}
.taizhang-document thead{{display:table-header-group}}
.taizhang-document tr{{break-inside:avoid}}
.taizhang-document .signature{{break-inside:avoid;break-before:avoid}}
.taizhang-document section.annex{{break-before:page;border:0;margin:0;padding:0}}
}}
""".strip()

#: Marks every printed page of synthetic data; on the screen the mark stands above the title.
SYNTHETIC_CSS = f"""
@media print{{@page{{@top-center{{content:"{SYNTHETIC}";color:#c00000;font:12pt "黑体",SimHei,
sans-serif}}}}.taizhang-document .synthetic{{display:none}}}}
""".strip()
