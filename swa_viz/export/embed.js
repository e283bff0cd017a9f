// Loaded before the page is drawn.  With ?embed=true (or 1) it is the lab alone, and light, as most pages
// are that frame it; ?theme=light, dark or auto says it otherwise.  The font is fetched at once, but a
// sandbox without an origin may load none, and asks for none.
{
  const { classList, dataset } = document.documentElement;
  const { href, protocol } = window.location;
  const isEmbedded = /[?&]embed=(?:true|1)\b/.test(href);
  const isWithoutOrigin = window.origin === "null" && protocol.startsWith("http");
  const [, theme] = /[?&]theme=(light|dark|auto)\b/.exec(href) ?? [];
  const font = document.currentScript?.dataset.font;
  classList.toggle("embedded", isEmbedded);
  classList.toggle("without-origin", isWithoutOrigin);
  dataset.theme = theme ?? (isEmbedded ? "light" : "auto");
  if (font && !isWithoutOrigin) {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "preload", as: "font", crossOrigin: "", href: font }));
  }
}
