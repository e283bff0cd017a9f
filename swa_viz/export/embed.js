// Loaded before the page is drawn: with ?embed=true (or 1) it is the lab alone.
document.documentElement.classList.toggle("embedded", /[?&]embed=(?:true|1)\b/.test(window.location.href));
