// Loaded before the page is drawn: with ?embed=true it is the lab alone.
document.documentElement.classList.toggle("embedded", /[?&]embed=true\b/.test(window.location.href));
